package import NetworkState

/// One packet of the forwarding model, in however many envelopes.
package struct ModelPacket: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case probe(ProbeProtocol)
        case tunnel(ModelTunnel)
    }

    package struct Header: Hashable, Sendable {
        package var source: IPAddress
        package var destination: IPAddress
        package var sourcePort: UInt16?
        package var destinationPort: UInt16?
        package var timeToLive: UInt8 = 64
        /// With the header, in bytes.
        package var length: Int
        package var mayBeFragmented: Bool
        package let content: Content
    }

    /// From and to which link-layer address.
    package struct LinkLayer: Hashable, Sendable {
        package let source: MACAddress?
        package let destination: MACAddress?
    }

    /// What one envelope carries.
    struct Carried: Hashable, Sendable {
        let header: Header
        /// Of tunnels that carry frames.
        let linkLayer: LinkLayer?
    }

    package var header: Header
    private(set) var carried: [Carried] = []

    /// An echo request, a datagram or the opening of a connection, with `payload` bytes in it.
    package init(
        from source: IPAddress, to destination: IPAddress, by protocol: ProbeProtocol, port: UInt16? = nil,
        sourcePort: UInt16? = nil, length: Int = 84, mayBeFragmented: Bool = false
    ) {
        header = Header(
            source: source, destination: destination, sourcePort: sourcePort, destinationPort: port, length: length,
            mayBeFragmented: mayBeFragmented, content: .probe(`protocol`))
    }

    var isWrapped: Bool { !carried.isEmpty }
    /// In how many envelopes it is.
    var depth: Int { carried.count }

    mutating func wrap(in tunnel: ModelTunnel, from source: IPAddress, to destination: IPAddress, _ frame: LinkLayer?) {
        carried.append(Carried(header: header, linkLayer: frame))
        var outer = Header(
            source: source, destination: destination, length: header.length + tunnel.overhead(source.family),
            // IPIP copies what the packet in it says (`ip_tunnel_xmit` in net/ipv4/ip_tunnel.c).
            mayBeFragmented: tunnel != .ipip || header.mayBeFragmented, content: .tunnel(tunnel))
        switch tunnel {
        case .vxlan(_, let port), .udp(let port): outer.destinationPort = port
        case .ipip: outer.timeToLive = header.timeToLive
        }
        header = outer
    }

    /// What was in the outermost envelope.
    mutating func unwrap() -> LinkLayer? {
        guard let inner = carried.popLast() else { return nil }
        header = inner.header
        return inner.linkLayer
    }
}

/// How one packet carries another, with what tells one tunnel from others on the wire.
package enum ModelTunnel: Hashable, Sendable {
    case vxlan(id: UInt32, port: UInt16)
    case ipip
    case udp(port: UInt16)

    /// `vxlan id 4096 dstport 4789`
    package var text: String {
        switch self {
        case .vxlan(let id, let port): "vxlan id \(id) dstport \(port)"
        case .ipip: "ipip"
        case .udp(let port): "udp port \(port)"
        }
    }

    package var encapsulation: NetworkModel.Encapsulation {
        switch self {
        case .vxlan: .vxlan
        case .ipip: .ipip
        case .udp: .udp
        }
    }

    /// Bytes, over an underlay of `family`.
    func overhead(_ family: IPAddress.Family) -> Int {
        let header = family == .v4 ? 20 : 40
        return switch self {
        // UDP, VXLAN and Ethernet.
        case .vxlan: header + 8 + 8 + 14
        case .ipip: header
        case .udp: header + 8
        }
    }
}
