import NetnsHarness
import NetworkState
import Testing

struct FrameTests {
    private static let ethernet: [UInt8] = [
        0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01,
    ]

    /// 172.17.8.2 to 172.17.9.2, time to live 63, `total` bytes in all.
    private static func ipv4(_ number: UInt8, fragment: UInt8 = 0, total: UInt8) -> [UInt8] {
        [0x45, 0, 0, total, 0, 1, 0, fragment, 63, number, 0, 0, 172, 17, 8, 2, 172, 17, 9, 2]
    }

    private func decode(_ bytes: [UInt8]) -> Packet? {
        guard case .ip(let packet)? = Frame(decoding: bytes)?.payload else { return nil }
        return packet
    }

    @Test func `an ARP request says who asks for whom`() throws {
        let arp: [UInt8] = [
            0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 172, 17, 8, 2, 0, 0, 0, 0, 0, 0, 169, 254, 1, 1,
        ]
        let frame = try #require(Frame(decoding: Self.ethernet + [0x08, 0x06] + arp))
        #expect(frame.destination == MACAddress(parsing: "ee:ee:ee:ee:ee:ee"))
        #expect(frame.source == MACAddress(parsing: "02:00:00:00:00:01"))
        guard case .arp(let message) = frame.payload else {
            Issue.record("not read as ARP: \(frame)")
            return
        }
        #expect(message.operation == .request)
        #expect(message.sender == address("172.17.8.2"))
        #expect(message.senderLinkLayerAddress == frame.source)
        #expect(message.target == address("169.254.1.1"))
        #expect(message.targetLinkLayerAddress == MACAddress(bits: 0))
    }

    @Test func `an echo request in IPv4 is read without the frame's padding`() throws {
        let echo: [UInt8] = [8, 0, 0, 0, 0x12, 0x34, 0, 7]
        let padding = [UInt8](repeating: 0, count: 18)
        let bytes = Self.ethernet + [0x08, 0x00] + Self.ipv4(1, total: 28) + echo + padding
        let packet = try #require(decode(bytes))
        #expect(packet.source == address("172.17.8.2"))
        #expect(packet.destination == address("172.17.9.2"))
        #expect(packet.timeToLive == 63)
        #expect(packet.transport == .icmp(type: 8, code: 0, identifier: 0x1234, sequence: 7))
    }

    @Test func `UDP and TCP in IPv4 give their ports`() throws {
        let udp: [UInt8] = [0x12, 0xb5, 0x12, 0xb5, 0, 10, 0, 0, 0xaa, 0xbb]
        let datagram = decode(Self.ethernet + [0x08, 0x00] + Self.ipv4(17, total: 30) + udp)
        #expect(datagram?.transport == .udp(sourcePort: 4789, destinationPort: 4789, payload: [0xaa, 0xbb]))

        let numbers: [UInt8] = [0x80, 0, 0, 1, 0, 0, 1, 0]
        let tcp: [UInt8] = [0, 80, 0xff, 0xff] + numbers + [0x50, 0x12, 0, 0, 0, 0, 0, 0]
        let segment = decode(Self.ethernet + [0x08, 0x00] + Self.ipv4(6, total: 40) + tcp)
        #expect(
            segment?.transport
                == .tcp(
                    sourcePort: 80, destinationPort: 65_535, sequence: 0x8000_0001, acknowledgement: 256, flags: 0x12))
    }

    @Test func `a packet in a packet can be read from its payload`() throws {
        let inner: [UInt8] = Self.ipv4(1, total: 28) + [0, 0, 0, 0, 0, 1, 0, 2]
        let bytes = Self.ethernet + [0x08, 0x00] + Self.ipv4(4, total: 48) + inner
        let outer = try #require(decode(bytes))
        guard case .other(4, let payload) = outer.transport else {
            Issue.record("not read as IP in IP: \(outer)")
            return
        }
        #expect(Packet(decoding: payload)?.transport == .icmp(type: 0, code: 0, identifier: 1, sequence: 2))
    }

    @Test func `a later fragment has no ports`() {
        let packet = decode(Self.ethernet + [0x08, 0x00] + Self.ipv4(17, fragment: 2, total: 24) + [1, 2, 3, 4])
        #expect(packet?.transport == .other(number: 17, payload: [1, 2, 3, 4]))
    }

    @Test func `an echo reply in IPv6 is read`() throws {
        let source = address("fd00::1").bytes
        let header: [UInt8] = [0x60, 0, 0, 0, 0, 8, 58, 64] + source + address("fd00::2").bytes
        let bytes = Self.ethernet + [0x86, 0xdd] + header + [129, 0, 0, 0, 0, 5, 0, 6]
        let packet = try #require(decode(bytes))
        #expect(packet.source == address("fd00::1"))
        #expect(packet.timeToLive == 64)
        #expect(packet.transport == .icmp(type: 129, code: 0, identifier: 5, sequence: 6))
    }

    @Test func `every frame cut short is refused, not misread`() {
        let frames: [[UInt8]] = [
            Self.ethernet + [0x08, 0x00] + Self.ipv4(1, total: 28) + [8, 0, 0, 0, 0, 1, 0, 2],
            Self.ethernet + [0x08, 0x06] + [0, 1, 8, 0, 6, 4, 0, 1] + Array(repeating: 1, count: 20),
            Self.ethernet + [0x86, 0xdd] + [0x60, 0, 0, 0, 0, 8, 17, 64] + Array(repeating: 1, count: 40),
        ]
        for frame in frames {
            #expect(Frame(decoding: frame) != nil)
            for length in 0..<frame.count { #expect(Frame(decoding: frame.prefix(length)) == nil) }
        }
    }

    @Test func `an unknown protocol is named by its number`() {
        #expect(Frame(decoding: Self.ethernet + [0x88, 0xcc, 1])?.payload == .other(etherType: 0x88cc))
    }
}
