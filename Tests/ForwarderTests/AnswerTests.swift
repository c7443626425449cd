import Forwarder
import Netlink
import NetworkState
import Testing

struct AnswerTests {
    @Test func `a packet with no hop left is answered by the tunnel's own address, in ICMP, with what it began with`() {
        var bench = Bench()
        let packet = Sample.v4(timeToLive: 1, typeOfService: 0x0a, payload: Array(0..<100))
        let length = 20 + 8 + packet.count
        #expect(bench.outbound(packet) == .reply(length: length, to: address("172.17.8.2")))
        let answer = bench.left(length)
        let expected: [UInt8] = [
            0x45, 0xca, 0, UInt8(length), 0, 0, 0x40, 0, 64, 1, answer[10], answer[11], 172, 17, 8, 0, 172, 17, 8, 2,
            11, 0, answer[22], answer[23], 0, 0, 0, 0,
        ]
        #expect(answer == expected + packet)
        #expect(referenceChecksum(answer.prefix(20)) == 0)
        #expect(referenceChecksum(answer.dropFirst(20)) == 0)
        #expect(bench.counters[.expired] == 1)
        #expect(bench.counters.answers == 1)
    }

    @Test(arguments: [1, 0] as [UInt8])
    func `where a peer's packet has no hop left, the answer goes back through that peer`(_ timeToLive: UInt8) {
        var bench = Bench()
        let packet = Sample.v4(from: "172.17.9.2", to: "172.17.8.2", timeToLive: timeToLive)
        let length = 28 + packet.count
        #expect(bench.inbound(packet) == .send(length: length, to: Sample.peer))
        let answer = bench.left(length)
        #expect(Array(answer[12..<20]) == [172, 17, 8, 0, 172, 17, 9, 2])
        #expect(Array(answer[20..<22]) == [11, 0])
        #expect(Array(answer.dropFirst(28)) == packet)
    }

    @Test(arguments: ["10.1.2.3", "172.17.8.77"])
    func `a packet for behind no peer is answered that the network is unreachable`(_ destination: String) {
        var bench = Bench()
        let packet = Sample.v4(to: destination)
        #expect(bench.outbound(packet) == .reply(length: 28 + packet.count, to: address("172.17.8.2")))
        #expect(Array(bench.left(28).suffix(8).prefix(2)) == [3, 0])
        #expect(bench.counters[.noRoute] == 1)
    }

    @Test(arguments: [(1, [3, 0] as [UInt8], "fd00:9::2"), (64, [1, 0], "fd00:77::1")] as [(UInt8, [UInt8], String)])
    func `ICMPv6 says the same, and its checksum covers both addresses`(
        _ hopLimit: UInt8, _ typeAndCode: [UInt8], _ destination: String
    ) {
        var bench = Bench()
        let packet = Sample.v6(to: destination, hopLimit: hopLimit)
        let length = 48 + packet.count
        #expect(bench.outbound(packet) == .reply(length: length, to: address("fd00:8::2")))
        let answer = bench.left(length)
        let payloadLength = UInt8(length - 40)
        #expect(
            Array(answer.prefix(40)) == [0x60, 0, 0, 0, 0, payloadLength, 58, 64] + address("fd00:8::").bytes
                + address("fd00:8::2").bytes)
        #expect(Array(answer[40..<42]) == typeAndCode)
        #expect(Array(answer[44..<48]) == [0, 0, 0, 0])
        #expect(Array(answer.dropFirst(48)) == packet)
        let pseudoHeader = answer[8..<40] + [0, 0, 0, payloadLength, 0, 0, 0, 58]
        #expect(referenceChecksum(pseudoHeader + answer.dropFirst(40)) == 0)
    }

    @Test func `an answer is no longer than any host takes`() {
        var bench = Bench()
        let four = Sample.v4(timeToLive: 1, payload: Array(repeating: 7, count: 1400))
        #expect(bench.outbound(four) == .reply(length: 576, to: address("172.17.8.2")))
        #expect(referenceChecksum(bench.left(576).dropFirst(20)) == 0)
        let six = Sample.v6(hopLimit: 1, payload: Array(repeating: 7, count: 1400))
        #expect(bench.outbound(six) == .reply(length: 1280, to: address("fd00:8::2")))
    }

    @Test(arguments: [
        Sample.v4(timeToLive: 1, number: 1, payload: [8, 0, 0, 0, 0, 1, 0, 1]),
        Sample.v4(timeToLive: 1, number: 1, payload: [0, 0, 0, 0, 0, 1, 0, 1]),
        // The first fragment, with more to come.
        Sample.v4(timeToLive: 1, fragment: 0x2000),
        Sample.v6(hopLimit: 1, next: 58, payload: [128, 0, 0, 0, 0, 1, 0, 1]),
        Sample.v6(hopLimit: 1, next: 0, payload: [58, 0, 1, 4, 0, 0, 0, 0, 128, 0, 0, 0, 0, 1, 0, 1]),
        Sample.v6(hopLimit: 1, next: 44, payload: [17, 0, 0, 1, 0, 0, 0, 9] + Array(0..<16)),
        Sample.v6(hopLimit: 1, next: 59, payload: []),
    ])
    func `a packet that asks is answered`(_ packet: [UInt8]) {
        var bench = Bench()
        #expect(bench.outbound(packet) != .drop)
        #expect(bench.counters.answers == 1)
    }

    @Test(arguments: [
        // ICMP errors, a redirect, and a type that nobody knows.
        Sample.v4(timeToLive: 1, number: 1, payload: [3, 1, 0, 0, 0, 0, 0, 0]),
        Sample.v4(timeToLive: 1, number: 1, payload: [11, 0, 0, 0, 0, 0, 0, 0]),
        Sample.v4(timeToLive: 1, number: 1, payload: [5, 0, 0, 0, 0, 0, 0, 0]),
        Sample.v4(timeToLive: 1, number: 1, payload: [200, 0, 0, 0, 0, 0, 0, 0]),
        Sample.v4(timeToLive: 1, number: 1, payload: []),
        // A fragment but the first.
        Sample.v4(timeToLive: 1, fragment: 0x00b9), Sample.v4(timeToLive: 1, fragment: 0x2001),
        // Senders that are no single machine.
        Sample.v4(from: "224.0.0.1", timeToLive: 1), Sample.v4(from: "127.0.0.1", timeToLive: 1),
        Sample.v4(from: "0.0.0.0", timeToLive: 1), Sample.v4(from: "255.255.255.255", timeToLive: 1),
        Sample.v4(from: "240.0.0.1", timeToLive: 1), Sample.v6(from: "::", hopLimit: 1),
        Sample.v6(from: "ff02::1", hopLimit: 1), Sample.v6(from: "::1", hopLimit: 1),
        Sample.v6(hopLimit: 1, next: 58, payload: [1, 0, 0, 0, 0, 0, 0, 0]),
        Sample.v6(hopLimit: 1, next: 58, payload: [137, 0, 0, 0, 0, 0, 0, 0]),
        Sample.v6(hopLimit: 1, next: 58, payload: []),
        // An error behind a header of options, one behind authentication, a later fragment, a chain cut short.
        Sample.v6(hopLimit: 1, next: 0, payload: [58, 0, 1, 4, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]),
        Sample.v6(hopLimit: 1, next: 51, payload: [58, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0]),
        Sample.v6(hopLimit: 1, next: 44, payload: [17, 0, 0, 8, 0, 0, 0, 9] + Array(0..<16)),
        Sample.v6(hopLimit: 1, next: 60, payload: [17, 0, 1, 4]),
    ])
    func `what may be an error, a repetition or a lie is not answered`(_ packet: [UInt8]) {
        var bench = Bench()
        #expect(bench.outbound(packet) == .drop)
        #expect(bench.counters[.expired] == 1)
        #expect(bench.counters.answers == 0)
    }

    @Test func `a tunnel without an address of the packet's family says nothing`() {
        var forwarder = PacketForwarder(
            ForwardingTable(Sample.overlay), addresses: [address("172.17.8.0")], at: MonotonicTime(nanoseconds: 0))
        var packet = Sample.v6(hopLimit: 1) + Array(repeating: 0, count: 64)
        let length = packet.count - 64
        var span = packet.mutableSpan
        #expect(forwarder.outbound(&span, length: length, at: MonotonicTime(nanoseconds: 0)) == .drop)
        #expect(forwarder.counters[.expired] == 1)
    }

    @Test func `answers come at a thousand a second at most, and fifty at once`() {
        var bench = Bench()
        for _ in 0..<80 { _ = bench.outbound(Sample.v4(timeToLive: 1)) }
        #expect(bench.counters.answers == 50)
        #expect(bench.counters.answersHeldBack == 30)
        bench.now = MonotonicTime(nanoseconds: 10_500_000)
        for _ in 0..<80 { _ = bench.outbound(Sample.v4(timeToLive: 1)) }
        #expect(bench.counters.answers == 60)
        bench.now = MonotonicTime(nanoseconds: 11_000_000)
        _ = bench.outbound(Sample.v4(timeToLive: 1))
        #expect(bench.counters.answers == 61)
        bench.now = MonotonicTime(nanoseconds: 3_600_000_000_000)
        for _ in 0..<80 { _ = bench.outbound(Sample.v4(timeToLive: 1)) }
        #expect(bench.counters.answers == 111)
        #expect(bench.counters[.expired] == 241)
    }
}
