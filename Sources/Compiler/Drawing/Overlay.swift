import NetworkState

/// The tunnels between a topology's hosts, which are one network to its containers: every host that is in it reaches
/// every other, or every other that no segment joins it to.
package struct Overlay: Hashable, Sendable {
    /// As `ip link` says it: `vxlan id 4096 dstport 4789`.
    package let name: String
    /// The hosts that send through it.
    package let hosts: Set<String>

    /// Nil where no two hosts have a tunnel between them.
    package init?(_ topology: ValidTopology) {
        guard let kind = topology.model.tunnelKind else { return nil }
        name = topology.model.when == .crossSubnet ? "\(kind), across subnets only" : kind
        let able = topology.hosts.filter { !$0.blocks.isEmpty && topology.nodeAddress(of: $0) != nil }
        hosts = Set(able.filter { host in able.contains { topology.hasTunnel(from: host, to: $0) } }.map(\.name))
        if hosts.isEmpty { return nil }
    }
}

extension ValidTopology {
    fileprivate func hasTunnel(from host: Host, to peer: Host) -> Bool {
        host.name != peer.name && isTunnelled(from: host, to: peer)
            && nodeAddress(of: host)?.family == nodeAddress(of: peer)?.family
    }
}

extension NetworkModel {
    fileprivate var tunnelKind: String? {
        switch encapsulation {
        case .none, .isolated: nil
        case .vxlan: "vxlan id \(vxlanConvention.id) dstport \(vxlanConvention.port)"
        case .ipip: "ipip"
        case .udp: "udp port \(FlannelUDP.port)"
        }
    }

    /// How containers are networked, in a few words.
    var summary: String {
        let crossing =
            switch encapsulation {
            case .none: "unencapsulated"
            case .isolated: "isolated"
            case .vxlan, .ipip, .udp: encapsulation.rawValue
            }
        return "\(attachment.rawValue), \(crossing)"
    }
}
