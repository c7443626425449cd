import NetworkState

extension PacketHeader {
    /// Whether an ICMP error about this packet may be sent: not about another error, nor to what is no single machine's
    /// address, nor once for each fragment (RFC 1812 §4.3.2.7, RFC 4443 §2.4 (e)).
    func mayBeAnswered(_ packet: Span<UInt8>, length: Int) -> Bool {
        guard !isForMany, source.isOneMachines else { return false }
        switch family {
        case .v4:
            guard packet.uint16(at: 6) & 0x1fff == 0 else { return false }
            guard next == ProtocolNumber.icmp else { return true }
            return headerLength < length && ICMPType.isQuery(packet[headerLength])
        case .v6:
            guard let upper = UpperLayer(after: self, in: packet, length: length) else { return false }
            guard upper.number == ProtocolNumber.icmp6 else { return true }
            return upper.offset < length && ICMPType.isQuery6(packet[upper.offset])
        }
    }
}

extension IPAddress {
    /// Neither the unspecified address, nor the loopback, a broadcast, multicast or reserved one: RFC 1812 §5.3.7.
    fileprivate var isOneMachines: Bool {
        if isMulticast || isLoopback { return false }
        return family == .v6 ? bits != 0 : bits >> 24 != 0 && bits >> 28 != 0xf
    }
}

/// The header that ends IPv6's chain of extension headers (RFC 8200 §4.1).
private struct UpperLayer {
    let number: UInt8
    let offset: Int

    /// Nil for a fragment but the first, and for a chain that is cut short.
    init?(after header: PacketHeader, in packet: Span<UInt8>, length: Int) {
        var (number, offset) = (header.next, header.headerLength)
        while ProtocolNumber.isExtension(number) {
            guard offset + 8 <= length else { return nil }
            var size = (Int(packet[offset + 1]) + 1) * 8
            if number == ProtocolNumber.fragment {
                guard packet.uint16(at: offset + 2) & 0xfff8 == 0 else { return nil }
                size = 8
            } else if number == ProtocolNumber.authentication {
                // In units of four bytes, less two: RFC 4302 §2.2.
                size = (Int(packet[offset + 1]) + 2) * 4
            }
            number = packet[offset]
            offset += size
        }
        self.number = number
        self.offset = offset
    }
}

/// The registry "Assigned Internet Protocol Numbers" of IANA.
enum ProtocolNumber {
    static let icmp: UInt8 = 1
    static let fragment: UInt8 = 44
    static let authentication: UInt8 = 51
    static let icmp6: UInt8 = 58

    /// Hop-by-hop options, routing, fragment, authentication, destination options: those that another header follows.
    static func isExtension(_ number: UInt8) -> Bool { [0, 43, 44, 51, 60].contains(number) }
}

private enum ICMPType {
    /// Those of RFC 792, RFC 950 and RFC 1256 that are no errors. About a message of a type that nobody knows, it is
    /// better to say nothing: it may be an error.
    static func isQuery(_ type: UInt8) -> Bool { type == 0 || (8...10).contains(type) || (13...18).contains(type) }

    /// The upper half of the types, save the redirect (RFC 4861 §4.5).
    static func isQuery6(_ type: UInt8) -> Bool { type >= 128 && type != 137 }
}
