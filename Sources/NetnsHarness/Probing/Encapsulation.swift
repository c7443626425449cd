import NetworkState

/// What one packet carries another between hosts in.
package enum Tunnel: Hashable, Sendable {
    /// An Ethernet frame in UDP, behind a header with a network's number (RFC 7348).
    case vxlan(id: UInt32, port: UInt16)
    /// An IPv4 packet as it is (RFC 2003).
    case ipip
    /// An IP packet in UDP, with nothing before it: Flannel's UDP mode.
    case udp(port: UInt16)
}

/// Where tunnels over UDP listen. Nothing in a datagram itself tells that it is one.
package struct TunnelPorts: Hashable, Sendable {
    package let vxlan: Set<UInt16>
    package let udp: Set<UInt16>

    package init(vxlan: Set<UInt16>, udp: Set<UInt16>) {
        self.vxlan = vxlan
        self.udp = udp
    }

    /// IANA's, which Calico takes, and those of Flannel's two ways.
    package static let standard = TunnelPorts(vxlan: [4789, 8472], udp: [8285])
}

/// A frame seen from the outside in: the packets that carry, and what they carry in the end.
package struct Encapsulation: Hashable, Sendable {
    package struct Layer: Hashable, Sendable {
        package let tunnel: Tunnel
        /// The packet that carries, from one end of the tunnel to the other.
        package let outer: Packet
    }

    /// The outermost first; none in a frame that carries its content as it is.
    package private(set) var layers: [Layer] = []
    package private(set) var content: Frame.Payload

    package var tunnels: [Tunnel] { layers.map(\.tunnel) }

    /// What is carried in the end, if that is IP.
    package var packet: Packet? {
        if case .ip(let packet) = content { packet } else { nil }
    }

    /// Each layer is shorter than the one around it, so this ends.
    fileprivate init(_ payload: Frame.Payload, _ ports: TunnelPorts) {
        content = payload
        while case .ip(let outer) = content, let (tunnel, inner) = outer.carried(ports) {
            layers.append(Layer(tunnel: tunnel, outer: outer))
            content = inner
        }
    }
}

extension Frame {
    /// The tunnels that the frame's content goes through. What looks like a tunnel and carries nothing that can be read is
    /// content.
    package func encapsulation(_ ports: TunnelPorts = .standard) -> Encapsulation {
        Encapsulation(payload, ports)
    }
}

extension Packet {
    /// The tunnels that it goes through itself, where no frame is around it.
    package func encapsulation(_ ports: TunnelPorts = .standard) -> Encapsulation {
        Encapsulation(.ip(self), ports)
    }

    fileprivate func carried(_ ports: TunnelPorts) -> (Tunnel, Frame.Payload)? {
        switch transport {
        case .other(number: 4, let payload) where !isLaterFragment && source.family == .v4:
            Packet(decoding: payload).map { (.ipip, .ip($0)) }
        case .udp(_, let port, let payload) where ports.vxlan.contains(port):
            VXLANHeader(decoding: payload).flatMap { header in
                Frame(decoding: payload.dropFirst(VXLANHeader.size)).map {
                    (.vxlan(id: header.id, port: port), $0.payload)
                }
            }
        case .udp(_, let port, let payload) where ports.udp.contains(port):
            Packet(decoding: payload).map { (.udp(port: port), .ip($0)) }
        default: nil
        }
    }
}

/// RFC 7348 §5.
private struct VXLANHeader {
    static let size = 8

    let id: UInt32

    /// Nil if the network's number is not said to be valid.
    init?(decoding bytes: [UInt8]) {
        guard bytes.count >= Self.size, bytes[0] & 0x08 != 0, let word: UInt32 = bytes.bigEndian(at: 4) else {
            return nil
        }
        id = word >> 8
    }
}
