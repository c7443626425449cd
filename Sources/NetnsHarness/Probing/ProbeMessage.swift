import Netlink
import NetworkState

/// What a probe's packets carry: 64 bytes, as many as ping(8) sends.
struct ProbeMessage: Hashable, Sendable {
    static let length = 64

    /// What a responder adds.
    struct Answer: Hashable, Sendable {
        /// Index of the node that answers.
        let node: UInt32
        /// The source address of what it answers.
        let seen: IPAddress
        /// Nanoseconds for which the question lay unread, which are no part of the round trip.
        let held: Int64
    }

    /// One run's secret: a responder answers no other's packets and a client believes no other's.
    let nonce: UInt64
    /// Index into the run's probes.
    let probe: UInt32
    /// In monotonic nanoseconds, so that an answer tells its round trip whichever attempt it belongs to.
    let sentAt: Int64
    /// Nil in a question. ICMP's answers come from the kernel, which returns questions as they are.
    let answer: Answer?

    init(nonce: UInt64, probe: Int, sentAt: Int64, answer: Answer? = nil) {
        self.nonce = nonce
        self.probe = UInt32(probe)
        self.sentAt = sentAt
        self.answer = answer
    }

    func answered(by node: Int, seen: IPAddress, held: Int64 = 0) -> ProbeMessage {
        let answer = Answer(node: UInt32(node), seen: seen, held: held)
        return ProbeMessage(nonce: nonce, probe: Int(probe), sentAt: sentAt, answer: answer)
    }

    /// The time from asking to `arrival` less that for which the other side did not look.
    func roundTripMicroseconds(until arrival: MonotonicTime) -> Int {
        max(0, Int((arrival.nanoseconds - sentAt - (answer?.held ?? 0)) / 1_000))
    }

    private static let answerOffset = 20

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.length)
        bytes.append(bigEndian: nonce)
        bytes.append(bigEndian: probe)
        bytes.append(bigEndian: sentAt)
        if let answer {
            bytes.append(answer.seen.family == .v4 ? 4 : 6)
            bytes.append(bigEndian: answer.node)
            bytes.append(bigEndian: answer.seen.bits)
            bytes.append(bigEndian: answer.held)
        }
        bytes.append(contentsOf: repeatElement(0, count: Self.length - bytes.count))
        return bytes
    }

    /// Reads a message of the run with `nonce`; nil for anything else.
    init?(_ bytes: ArraySlice<UInt8>, nonce: UInt64) {
        guard bytes.count >= Self.length, bytes.bigEndian(at: 0) == nonce, let probe: UInt32 = bytes.bigEndian(at: 8),
            let sentAt: Int64 = bytes.bigEndian(at: 12)
        else { return nil }
        self.nonce = nonce
        self.probe = probe
        self.sentAt = sentAt
        answer = Self.readAnswer(bytes)
    }

    private static func readAnswer(_ bytes: ArraySlice<UInt8>) -> Answer? {
        guard let family: UInt8 = bytes.bigEndian(at: answerOffset), family == 4 || family == 6,
            let node: UInt32 = bytes.bigEndian(at: answerOffset + 1),
            let bits: UInt128 = bytes.bigEndian(at: answerOffset + 5),
            let held: Int64 = bytes.bigEndian(at: answerOffset + 21)
        else { return nil }
        return Answer(node: node, seen: IPAddress(family: family == 4 ? .v4 : .v6, bits: bits), held: held)
    }
}
