package import NetworkState

/// What a forwarder reads of an IP header, once it is found to be one.
package struct PacketHeader: Hashable, Sendable {
    package let source: IPAddress
    package let destination: IPAddress
    /// In IPv6 the hop limit.
    package let timeToLive: UInt8
    /// Without the extension headers of IPv6.
    let headerLength: Int
    /// The number of what follows the header.
    let next: UInt8
    /// IPv4's type of service, IPv6's traffic class.
    let trafficClass: UInt8

    package var family: IPAddress.Family { destination.family }

    /// Nil unless the first `length` bytes of `packet` are an IP packet, the whole of it and nothing else.
    package init?(reading packet: Span<UInt8>, length: Int) {
        guard length >= 20, length <= packet.count else { return nil }
        switch packet[0] >> 4 {
        case 4: self.init(v4: packet, length)
        case 6 where length >= 40: self.init(v6: packet, length)
        default: return nil
        }
    }

    /// The checks of RFC 1812 §5.2.2.
    private init?(v4 packet: Span<UInt8>, _ length: Int) {
        headerLength = Int(packet[0] & 0x0f) * 4
        guard headerLength >= 20, headerLength <= length, Int(packet.uint16(at: 2)) == length,
            packet.sum(0..<headerLength) == 0xffff
        else { return nil }
        trafficClass = packet[1]
        timeToLive = packet[8]
        next = packet[9]
        source = packet.address(.v4, at: 12)
        destination = packet.address(.v4, at: 16)
    }

    /// RFC 8200 §3; a jumbogram (RFC 2675), whose length is elsewhere, fits in no datagram.
    private init?(v6 packet: Span<UInt8>, _ length: Int) {
        guard Int(packet.uint16(at: 4)) + 40 == length else { return nil }
        headerLength = 40
        trafficClass = UInt8(truncatingIfNeeded: packet.uint16(at: 0) >> 4)
        timeToLive = packet[7]
        next = packet[6]
        source = packet.address(.v6, at: 8)
        destination = packet.address(.v6, at: 24)
    }

    /// Whether it is for many, which only routing protocols would forward.
    var isForMany: Bool { destination.isMulticast || (family == .v4 && destination.bits == 0xffff_ffff) }

    /// Takes one from the time to live and corrects IPv4's checksum by the difference: RFC 1624 §3, equation 3.
    func decrementTimeToLive(in packet: inout MutableSpan<UInt8>) {
        guard family == .v4 else {
            packet[7] -= 1
            return
        }
        let old = packet.span.uint16(at: 8)
        packet[8] -= 1
        let new = packet.span.uint16(at: 8)
        let sum = UInt32(~packet.span.uint16(at: 10)) + UInt32(~old) + UInt32(new)
        packet.store(checksum(sum), at: 10)
    }
}
