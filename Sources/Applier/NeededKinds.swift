package import NetworkState

extension HostState {
    /// Makes sure, by making one, that this kernel has every kind of tunnel that is declared here.
    ///
    /// Before anything is observed: the attempt loads the kernel's module, and that of ipip brings a link of its own
    /// along. Whoever may not try is told later, by what is refused.
    package func requireTunnels() throws(ApplyError) {
        let kinds = Set(namespaces.values.flatMap { $0.links.unordered.compactMap { $0.kind?.feature } })
        for feature in kinds.sorted(by: { $0.rawValue < $1.rawValue }) {
            let trial = KernelFeatures.trial(of: feature)
            if case .missing(let reason) = trial.result { throw .lacking(feature, reason: reason) }
        }
    }
}

extension Link.Kind {
    /// What a kernel may lack to make such a link. All others are needed by every network, and missed at once.
    fileprivate var feature: KernelFeature? {
        switch self {
        case .vxlan: .vxlan
        case .ipip: .ipip
        case .tun: .tun
        case .loopback, .bridge, .veth, .other: nil
        }
    }
}
