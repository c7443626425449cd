import NetworkState

/// The network model that a profile and the axes beside it add up to.
struct ModelChoice {
    let model: NetworkModel
    let peerRouteProtocol: RouteProtocol
    /// Whether weft can set it up, so that what it asks of the topology is worth checking.
    let isCompilable: Bool

    init(_ network: Topology.Network, _ diagnostics: inout Diagnostics) {
        let profile = network.profile.value
        var model = profile?.model ?? NetworkModel(attachment: .routed, encapsulation: .none)
        if let attachment = network.attachment.value { model.attachment = attachment }
        if let distribution = network.distribution.value { model.distribution = distribution }
        if let encapsulation = network.encapsulation.value {
            model.encapsulation = encapsulation.type
            model.when = encapsulation.when
        }
        self.model = model
        peerRouteProtocol = network.peerRouteProtocol.value ?? model.defaultPeerRouteProtocol(in: profile)
        let isReadable = ![
            network.profile.isUnreadable, network.attachment.isUnreadable, network.encapsulation.isUnreadable,
            network.distribution.isUnreadable,
        ].contains(true)
        isCompilable = isReadable && model.unsupportedChoice == nil
        if isReadable, let choice = model.unsupportedChoice {
            let written = network.pointer(of: choice.axis)
            let isProfile = written == nil && profile != nil
            diagnostics.report(
                .unsupported(
                    choice, at: written ?? network.profile.pointer ?? network.pointer,
                    profile: isProfile ? profile?.rawValue : nil
                )
            )
        }
    }
}

/// A choice on one of the axes that weft cannot set up, and those it can.
package struct UnsupportedChoice {
    package enum Axis: String, CustomStringConvertible, Sendable {
        case attachment, encapsulation, when, distribution

        package var description: String { rawValue }
    }

    package let axis: Axis
    package let value: String
    let supported: [String]

    /// Nil if `value` is among `supported`.
    fileprivate init?<Value: RawRepresentable<String> & Equatable>(
        _ axis: Axis, _ value: Value, supported: [Value]
    ) {
        if supported.contains(value) { return nil }
        self.axis = axis
        self.value = value.rawValue
        self.supported = supported.map(\.rawValue)
    }
}

extension NetworkModel {
    /// The first choice that there is no lowering for. A new lowering adds its word here, and is reported no more.
    package var unsupportedChoice: UnsupportedChoice? {
        UnsupportedChoice(.attachment, attachment, supported: [.routed])
            ?? UnsupportedChoice(.encapsulation, encapsulation, supported: [.none])
            ?? UnsupportedChoice(.when, when, supported: [.always])
            ?? UnsupportedChoice(.distribution, distribution, supported: [.static])
    }

    /// Calico's routes between hosts come from BIRD, and its users look for `proto bird`.
    fileprivate func defaultPeerRouteProtocol(in profile: Profile?) -> RouteProtocol {
        switch profile {
        case .calico, .calicoIPIP, .calicoVXLAN: attachment == .routed ? .bird : .weft
        case .flannelHostGateway, .flannelVXLAN, .flannelUDP, .dockerNAT, nil: .weft
        }
    }

    /// The bytes that an encapsulation's headers take of each packet, over IPv4.
    var overhead: UInt32 {
        switch encapsulation {
        case .none, .isolated: 0
        case .vxlan: 50
        case .ipip: 20
        case .udp: 28
        }
    }
}

extension Topology.Network {
    /// Where an axis was chosen by itself; nil where it follows from the profile or is a default.
    fileprivate func pointer(of axis: UnsupportedChoice.Axis) -> JSONPointer? {
        switch axis {
        case .attachment: attachment.pointer
        case .encapsulation: encapsulation.pointer
        case .when: encapsulation.value?.whenPointer
        case .distribution: distribution.pointer
        }
    }
}
