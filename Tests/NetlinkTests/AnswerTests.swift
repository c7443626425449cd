import CLinux
import Testing

@testable import Netlink

struct AnswerTests {
    @Test func `an interrupted dump is read to its end and then reported`() {
        var answer = Answer(first: 5, count: 1, base: 0)
        let first = message(RTM_NEWLINK, sequence: 5, flags: NLM_F_MULTI | NLM_F_DUMP_INTR, [1, 0, 0, 0])
        #expect(read(first, into: &answer).count == 1)
        #expect(answer.failure == .interruptedDump)
        #expect(!answer.isComplete)
        let rest = message(RTM_NEWLINK, sequence: 5, flags: NLM_F_MULTI, [2, 0, 0, 0])
        #expect(read(rest + message(Int(NLMSG_DONE), sequence: 5, [0, 0, 0, 0]), into: &answer).isEmpty)
        #expect(answer.isComplete)
    }

    @Test func `what answers an earlier request is passed over`() {
        var answer = Answer(first: 5, count: 2, base: 0)
        let late = message(Int(NLMSG_ERROR), sequence: 4, refusal(17))
        let ours = message(Int(NLMSG_ERROR), sequence: 6, refusal(0))
        #expect(read(late + ours, into: &answer).isEmpty)
        #expect(answer.isComplete)
        #expect(answer.refusals.isEmpty)
    }

    @Test func `a refusal is told by its request's place, and does not end the answer to the others`() {
        var answer = Answer(first: 5, count: 3, base: 200)
        _ = read(message(Int(NLMSG_ERROR), sequence: 6, refusal(17)), into: &answer)
        #expect(answer.refusals == [Refusal(index: 201, error: .refused(errno: 17, message: nil))])
        #expect(!answer.isComplete)
        _ = read(message(Int(NLMSG_ERROR), sequence: 7, refusal(0)), into: &answer)
        #expect(answer.isComplete)
    }

    @Test func `the end of a dump can carry a refusal`() {
        var answer = Answer(first: 5, count: 1, base: 0)
        _ = read(message(Int(NLMSG_DONE), sequence: 5, [0xea, 0xff, 0xff, 0xff]), into: &answer)
        #expect(answer.refusals == [Refusal(index: 0, error: .refused(errno: 22, message: nil))])
    }

    @Test(arguments: [[], [16, 0, 0, 0], Array(repeating: 255, count: 40)])
    func `a datagram without a whole message is passed over`(_ bytes: [UInt8]) {
        var answer = Answer(first: 5, count: 1, base: 0)
        #expect(read(bytes, into: &answer).isEmpty)
        #expect(!answer.isComplete)
        #expect(answer.failure == nil)
    }

    private func read(_ bytes: [UInt8], into answer: inout Answer) -> [[UInt8]] {
        var payloads: [[UInt8]] = []
        unsafe answer.read(bytes.span.bytes) { _, payload in payloads.append(payload.byteArray) }
        return payloads
    }

    private func message(_ type: Int, sequence: UInt32, flags: CInt = 0, _ payload: [UInt8]) -> [UInt8] {
        little(UInt32(16 + payload.count)) + little(UInt16(type)) + little(UInt16(flags)) + little(sequence)
            + little(UInt32(0)) + payload
    }

    private func refusal(_ errno: Int32) -> [UInt8] { little(-errno) + [UInt8](repeating: 0, count: 16) }

    private func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        stride(from: 0, to: Number.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: number >> Number($0)) }
    }
}
