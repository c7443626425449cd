package import NetworkState

/// How this kernel can impair a link.
package enum ImpairmentMeans: Hashable, Sendable {
    /// All of it, where packets leave.
    case netem
    /// A rate where packets leave, by tbf, and loss where they come in, by nftables.
    case substitutes

    /// The best that there is for `impairment`, found out by trying.
    package static func found(for impairment: Impairment) throws(ApplyError) -> ImpairmentMeans {
        let netem = KernelFeatures.trial(of: .netem)
        guard case .missing(let reason) = netem.result else { return .netem }
        if impairment.delay != nil { throw .lacking(.netem, reason: reason) }
        let needed = [impairment.rate == nil ? nil : KernelFeature.tbf, impairment.loss > 0 ? .randomDrop : nil]
        for feature in needed.compactMap(\.self) where !KernelFeatures.trial(of: feature).works {
            throw .lacking(.netem, reason: "\(reason); and no \(feature.rawValue), which would do instead")
        }
        return .substitutes
    }
}
