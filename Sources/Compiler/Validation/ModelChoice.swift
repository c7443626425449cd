import NetworkState

/// The network model that a profile and the axes beside it add up to.
struct ModelChoice {
    let model: NetworkModel
    let peerRouteProtocol: RouteProtocol
    let egress: NetworkModel.Egress
    let nextHops: NetworkModel.NextHops
    /// Whether it is known what the author chose.
    let isReadable: Bool
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
        // Whom nothing leads to from other hosts, nobody could answer.
        egress = network.egress.value ?? (model.encapsulation == .isolated ? .masquerade : .none)
        nextHops = network.nextHops.value ?? .auto
        isReadable = ![
            network.profile.isUnreadable, network.attachment.isUnreadable, network.encapsulation.isUnreadable,
            network.distribution.isUnreadable,
        ].contains(true)
        let contradiction = isReadable ? model.contradiction : nil
        isCompilable = isReadable && model.unsupportedChoice == nil && contradiction == nil
        if let contradiction {
            let place = network.pointer(of: contradiction.axis) ?? network.profile.pointer ?? network.pointer
            diagnostics.report(.senseless(contradiction, at: place))
        }
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
        UnsupportedChoice(.distribution, distribution, supported: [.static])
    }

    /// Calico's routes between hosts come from BIRD, and its users look for `proto bird`.
    fileprivate func defaultPeerRouteProtocol(in profile: Profile?) -> RouteProtocol {
        switch profile {
        case .calico, .calicoIPIP, .calicoVXLAN: attachment == .routed ? .bird : .weft
        case .flannelHostGateway, .flannelVXLAN, .flannelUDP, .dockerNAT, nil: .weft
        }
    }

    /// Choices that mean nothing together.
    struct Contradiction {
        let axis: UnsupportedChoice.Axis
        let message: String
        let help: String
    }

    fileprivate var contradiction: Contradiction? {
        if attachment == .routed, encapsulation == .isolated {
            return Contradiction(
                axis: .encapsulation, message: "encapsulation 'isolated' goes with attachment 'bridged' alone",
                help: "routed containers have addresses that every host routes to, and with 'isolated' none does")
        }
        if when == .crossSubnet, !isTunnel {
            return Contradiction(
                axis: .when,
                message: "'crossSubnet' limits an encapsulation, and '\(encapsulation)' encapsulates nothing",
                help: "'vxlan', 'ipip' and 'udp' can be limited to peers on other segments")
        }
        return nil
    }

    /// Whether packets cross hosts inside other packets.
    package var isTunnel: Bool {
        switch encapsulation {
        case .vxlan, .ipip, .udp: true
        case .none, .isolated: false
        }
    }

    /// What a bridge of the kernel's has room for (`BR_MAX_PORTS` in net/bridge/br_private.h, whose first is not used).
    static let bridgePortLimit = 1023

    /// The bytes that an encapsulation's headers take of each packet, `outer` being the underlay's family: the outer IP
    /// header of 20 or 40, UDP's 8, VXLAN's 8 with the inner Ethernet header's 14 (RFC 7348).
    func overhead(over outer: IPAddress.Family) -> UInt32 {
        let header: UInt32 = outer == .v4 ? 20 : 40
        return switch encapsulation {
        case .none, .isolated: 0
        case .vxlan: header + 8 + 8 + 14
        case .ipip: header
        case .udp: header + 8
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
