import NetworkState

/// What a router tells the sender of a packet that goes no further.
enum ICMPError: CaseIterable, Hashable, Sendable {
    /// The time to live ran out here.
    case timeExceeded
    case noRoute

    /// RFC 792: time exceeded in transit, network unreachable. RFC 4443 §3: hop limit exceeded, no route.
    private func typeAndCode(_ family: IPAddress.Family) -> (type: UInt8, code: UInt8) {
        switch (self, family) {
        case (.timeExceeded, .v4): (11, 0)
        case (.noRoute, .v4): (3, 0)
        case (.timeExceeded, .v6): (3, 0)
        case (.noRoute, .v6): (1, 0)
        }
    }

    /// As much as hosts of all times reassemble (RFC 1812 §4.3.2.3), and the least MTU of IPv6 (RFC 4443 §2.4 (c)).
    private static func maximumLength(_ family: IPAddress.Family) -> Int { family == .v4 ? 576 : 1280 }

    private static let icmpHeaderLength = 8
    private static let initialTimeToLive: UInt8 = 64

    /// Puts this error in the place of the packet that it is about, which it quotes, and returns its length.
    ///
    /// - `source`: the address of the router that says so, of the packet's family.
    func replace(
        _ packet: inout MutableSpan<UInt8>, length: Int, _ header: PacketHeader, from source: IPAddress
    ) -> Int {
        let family = header.family
        let ipLength = family == .v4 ? 20 : 40
        let quoteOffset = ipLength + Self.icmpHeaderLength
        let quoted = min(length, Self.maximumLength(family) - quoteOffset, packet.count - quoteOffset)
        packet.shift(quoted, by: quoteOffset)
        packet.clear(0..<quoteOffset)
        let total = quoteOffset + quoted
        let (type, code) = typeAndCode(family)
        packet[ipLength] = type
        packet[ipLength + 1] = code
        let pseudo: UInt32
        switch family {
        case .v4:
            writeHeader4(to: &packet, total: total, header, from: source)
            pseudo = 0
        case .v6:
            writeHeader6(to: &packet, total: total, header, from: source)
            // RFC 8200 §8.1: both addresses, the length, and the number of what follows.
            pseudo = packet.span.sum(8..<40, adding: UInt32(total - ipLength) + UInt32(ProtocolNumber.icmp6))
        }
        packet.store(checksum(packet.span.sum(ipLength..<total, adding: pseudo)), at: ipLength + 2)
        return total
    }

    /// With the precedence of internetwork control (RFC 1812 §4.3.2.5). An identification of 0 is as good as another
    /// for what may not be fragmented (RFC 6864 §4.1).
    private func writeHeader4(
        to packet: inout MutableSpan<UInt8>, total: Int, _ header: PacketHeader, from source: IPAddress
    ) {
        packet[0] = 0x45
        packet[1] = header.trafficClass & 0x1e | 0xc0
        packet.store(UInt16(total), at: 2)
        packet.store(0x4000, at: 6)
        packet[8] = Self.initialTimeToLive
        packet[9] = ProtocolNumber.icmp
        packet.store(source, at: 12)
        packet.store(header.source, at: 16)
        packet.store(checksum(packet.span.sum(0..<20)), at: 10)
    }

    private func writeHeader6(
        to packet: inout MutableSpan<UInt8>, total: Int, _ header: PacketHeader, from source: IPAddress
    ) {
        packet[0] = 0x60
        packet.store(UInt16(total - 40), at: 4)
        packet[6] = ProtocolNumber.icmp6
        packet[7] = Self.initialTimeToLive
        packet.store(source, at: 8)
        packet.store(header.source, at: 24)
    }
}
