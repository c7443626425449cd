import Forwarder
import Netlink
import NetworkState

func address(_ text: String) -> IPAddress {
    guard let address = IPAddress(parsing: text) else { preconditionFailure("\(text) is no address") }
    return address
}

func prefix(_ text: String) -> IPPrefix {
    guard let prefix = IPPrefix(parsing: text) else { preconditionFailure("\(text) is no prefix") }
    return prefix
}

/// RFC 1071, all over again: the code under test has its own.
func referenceChecksum(_ bytes: some Sequence<UInt8>) -> UInt16 {
    var sum: UInt64 = 0
    for (index, byte) in bytes.enumerated() { sum += UInt64(byte) << (index.isMultiple(of: 2) ? 8 : 0) }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    return ~UInt16(sum)
}

/// Packets as a container would send them.
enum Sample {
    static func v4(
        from source: String = "172.17.8.2", to destination: String = "172.17.9.2", timeToLive: UInt8 = 64,
        number: UInt8 = 17, fragment: UInt16 = 0, options: [UInt8] = [], typeOfService: UInt8 = 0,
        payload: [UInt8] = Array(0..<64)
    ) -> [UInt8] {
        let headerLength = 20 + options.count
        let total = headerLength + payload.count
        var header: [UInt8] = [0x40 | UInt8(headerLength / 4), typeOfService, UInt8(total >> 8), UInt8(total & 0xff)]
        header += [0x12, 0x34, UInt8(fragment >> 8), UInt8(fragment & 0xff), timeToLive, number, 0, 0]
        header += address(source).bytes + address(destination).bytes + options
        let sum = referenceChecksum(header)
        header[10] = UInt8(sum >> 8)
        header[11] = UInt8(sum & 0xff)
        return header + payload
    }

    static func v6(
        from source: String = "fd00:8::2", to destination: String = "fd00:9::2", hopLimit: UInt8 = 64,
        next: UInt8 = 17, payload: [UInt8] = Array(0..<64)
    ) -> [UInt8] {
        [0x60, 0, 0, 0, UInt8(payload.count >> 8), UInt8(payload.count & 0xff), next, hopLimit]
            + address(source).bytes + address(destination).bytes + payload
    }

    static let overlay = UDPOverlay(
        device: LinkName(known: "flannel0"), port: 8285, node: address("192.168.100.100"),
        addresses: [address("172.17.8.0"), address("fd00:8::")],
        local: [prefix("172.17.8.0/24"), prefix("fd00:8::/64")],
        peers: [
            UDPOverlay.Peer(
                node: address("192.168.100.101"), prefixes: [prefix("172.17.9.0/24"), prefix("fd00:9::/64")]),
            UDPOverlay.Peer(
                node: address("192.168.100.102"), prefixes: [prefix("172.17.10.0/24"), prefix("172.17.9.7/32")]),
        ])

    static let peer = SocketAddress(.v4, bits: 0xc0a8_6465, port: 8285)
}

/// A forwarder and the packet that it was last given, as it left it.
struct Bench {
    var forwarder = PacketForwarder(
        ForwardingTable(Sample.overlay), addresses: Sample.overlay.addresses, at: MonotonicTime(nanoseconds: 0))
    var now = MonotonicTime(nanoseconds: 0)
    private var buffer: [UInt8] = []

    var counters: ForwardingCounters { forwarder.counters }

    mutating func outbound(_ packet: [UInt8]) -> PacketForwarder.Verdict {
        var slot = packet + Array(repeating: 0xaa, count: 2048)
        defer { buffer = slot }
        var span = slot.mutableSpan
        return forwarder.outbound(&span, length: packet.count, at: now)
    }

    mutating func inbound(_ packet: [UInt8], from sender: SocketAddress? = Sample.peer) -> PacketForwarder.Verdict {
        var slot = packet + Array(repeating: 0xaa, count: 2048)
        defer { buffer = slot }
        var span = slot.mutableSpan
        return forwarder.inbound(&span, length: packet.count, from: sender, at: now)
    }

    /// The first `length` bytes of what the forwarder left.
    func left(_ length: Int) -> [UInt8] { Array(buffer.prefix(length)) }
}

extension SplitMix64 {
    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}
