import Netlink
import NetworkState
import Testing

@testable import NetnsHarness

struct ProbePacketTests {
    private let question = ProbeMessage(nonce: 0x0123_4567_89ab_cdef, probe: 9_899, sentAt: 1_000_000)

    @Test func `a question survives its bytes`() {
        #expect(question.bytes.count == ProbeMessage.length)
        #expect(ProbeMessage(question.bytes[...], nonce: question.nonce) == question)
    }

    @Test(arguments: ["172.17.8.2", "fd00::2"])
    func `an answer survives its bytes`(_ seen: String) {
        let answer = question.answered(by: 7, seen: address(seen), held: 40_000)
        #expect(answer.bytes.count == ProbeMessage.length)
        #expect(ProbeMessage(answer.bytes[...], nonce: question.nonce) == answer)
    }

    @Test func `another run's message and one cut short are not read`() {
        #expect(ProbeMessage(question.bytes[...], nonce: 1) == nil)
        #expect(ProbeMessage(question.bytes.dropLast(), nonce: question.nonce) == nil)
    }

    @Test(arguments: [(1_061_000, 0, 61), (1_061_000, 21_000, 40), (1_000_000, 5_000, 0)])
    func `the time that a question lay unread is no part of its round trip`(
        _ arrival: Int64, _ held: Int64, _ microseconds: Int
    ) {
        let answer = question.answered(by: 0, seen: address("10.0.0.1"), held: held)
        #expect(answer.roundTripMicroseconds(until: MonotonicTime(nanoseconds: arrival)) == microseconds)
    }

    @Test func `the checksum is that of RFC 1071's example`() {
        #expect(internetChecksum([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]) == ~0xddf2)
        #expect(internetChecksum([0x01]) == ~0x0100)
        #expect(internetChecksum([]) == 0xffff)
    }

    @Test func `an echo request is made of exactly these bytes`() {
        let packet = EchoPacket(requestWith: 0x1234, sequence: 7, payload: [1, 2, 3])
        #expect(packet.bytes(.v4) == [8, 0, 0xe1, 0xc2, 0x12, 0x34, 0, 7, 1, 2, 3])
        #expect(packet.bytes(.v6) == [128, 0, 0, 0, 0x12, 0x34, 0, 7, 1, 2, 3])
    }

    @Test func `an echo reply is found behind the IPv4 header, options and all`() throws {
        let options: [UInt8] = [0x46] + Array(repeating: 0, count: 23)
        let packet = try #require(EchoPacket(received: options + [0, 0, 0, 0, 0, 5, 0, 6, 0xff], .v4))
        #expect(!packet.isRequest)
        #expect(packet.identifier == 5)
        #expect(packet.sequence == 6)
        #expect(Array(packet.payload) == [0xff])
    }

    @Test func `what is no echo is not read`() {
        #expect(EchoPacket([3, 1, 0, 0, 0, 0, 0, 0], .v4) == nil)
        #expect(EchoPacket([8, 0, 0, 0, 0, 0, 0], .v4) == nil)
        #expect(EchoPacket([8, 0, 0, 0, 0, 0, 0, 0], .v6) == nil)
        #expect(EchoPacket(received: [], .v4) == nil)
        #expect(EchoPacket(received: [0x4f], .v4) == nil)
    }

    @Test(arguments: [
        (SocketErrorReport.Origin.icmp, 3, 0, "network unreachable from 192.168.100.100 (ICMP 3/0)"),
        (.icmp, 3, 4, "fragmentation needed, MTU 1400 from 192.168.100.100 (ICMP 3/4)"),
        (.icmp, 11, 0, "time to live exceeded from 192.168.100.100 (ICMP 11/0)"),
        (.icmp, 40, 1, "ICMP error from 192.168.100.100 (ICMP 40/1)"),
        (.icmp6, 2, 0, "packet too big, MTU 1400 from 192.168.100.100 (ICMPv6 2/0)"),
        (.icmp6, 3, 0, "hop limit exceeded from 192.168.100.100 (ICMPv6 3/0)"),
        (.local, 0, 0, "not sent: host unreachable"),
    ])
    func `an error is told in words, with its sender and its numbers`(
        _ origin: SocketErrorReport.Origin, _ type: UInt8, _ code: UInt8, _ text: String
    ) {
        let report = SocketErrorReport(
            errno: Errno.hostUnreachable, origin: origin, type: type, code: code, info: 1_400,
            offender: SocketAddress(address("192.168.100.100")))
        #expect(ProbeCause.error(report).text == text)
    }

    @Test(arguments: [
        (ProbeCause.silence, "no answer"),
        (.disconnected(Errno.connectionRefused), "connection refused"),
        (.disconnected(0), "connection closed"),
        (.disconnected(Errno.noBufferSpace), "No buffer space available"),
        (.notSent(Errno.networkUnreachable), "not sent: no route"),
        (.notSent(Errno.connectionReset), "not sent: Connection reset by peer"),
        (.answeredBy("B2"), "answered by B2 instead"),
    ])
    func `every cause has its words`(_ cause: ProbeCause, _ text: String) {
        #expect(cause.text == text)
    }
}
