package import Applier
package import Compiler

/// Whether topologies of one network profile can be applied and tested here, by this version.
package struct ProfileOutlook: Sendable {
    package let profile: NetworkModel.Profile
    /// What it needs and this machine or user does not have.
    package let missing: [KernelFeature]
    /// What this version cannot compile, whatever the kernel can do: `encapsulation vxlan`.
    package let unsupported: String?

    package init(_ profile: NetworkModel.Profile, on features: KernelFeatures) {
        self.profile = profile
        missing = profile.model.neededFeatures.filter { !features.works($0) }
        unsupported = profile.model.unsupportedChoice.map { "\($0.axis) \($0.value)" }
    }

    package var isPossible: Bool { missing.isEmpty && unsupported == nil }

    /// Why not, in words; nil where they can.
    package var obstacle: String? {
        let lack =
            missing.isEmpty ? nil : "this machine or user lacks \(missing.map(\.rawValue).joined(separator: ", "))"
        guard let unsupported else { return lack.map { "cannot run here: \($0)" } }
        return "not supported by this version (\(unsupported))" + (lack.map { "; \($0)" } ?? "")
    }
}

extension NetworkModel {
    /// What a topology of this model needs to be applied, and to be proved in a lab.
    package var neededFeatures: [KernelFeature] {
        var features: [KernelFeature] = [
            .privileges, .networkNamespaces, .mountNamespaces, .veth, .bridge, .rawSockets, .forwarding,
        ]
        if attachment == .routed { features += [.proxyARP, .proxyDelay] }
        switch encapsulation {
        case .vxlan: features.append(.vxlan)
        case .ipip: features.append(.ipip)
        case .udp: features.append(.tun)
        case .isolated: features.append(.nftables)
        case .none: break
        }
        return features
    }
}
