import NetworkState

/// How large the packets are that one node can send to an address without their being taken apart.
struct MTUQuestion: Hashable, Sendable {
    /// Index of the node that asks.
    let source: Int
    let address: IPAddress
    /// In bytes, IP header and all.
    let expected: UInt32
    /// Whether it is the node's own link that has this MTU, so that nothing larger may leave it.
    let isOfOwnLink: Bool
}

/// What came of a packet of the size that should pass, and of one that is a byte larger.
struct MTUAnswer: Hashable, Sendable {
    enum Fate: Hashable, Sendable {
        case answered
        /// By the sender's own link, which has this MTU.
        case refusedHere(UInt32)
        /// By a machine on the way, which tells this MTU.
        case refused(UInt32, by: IPAddress)
        case unanswered
    }

    let question: MTUQuestion
    var whole = Fate.unanswered
    var larger = Fate.unanswered
    /// How often the one that should pass was sent again.
    var retries = 0

    var isAsExpected: Bool {
        guard whole == .answered else { return false }
        switch larger {
        case .refusedHere(question.expected): return true
        case .refused(question.expected, by: _): return !question.isOfOwnLink
        case .answered, .unanswered, .refused, .refusedHere: return false
        }
    }

    /// `mtu 1450`, or what else there is to say.
    var text: String {
        let size = question.expected
        switch (whole, larger) {
        case (.answered, .answered): return "mtu over \(size): a packet of \(size + 1) bytes passes"
        case (.answered, .refusedHere(let mtu)): return "mtu \(mtu)"
        case (.answered, .refused(let mtu, let offender)):
            return "mtu \(mtu), told by \(offender)"
                + (question.isOfOwnLink ? "; its own link lets \(size + 1) bytes out" : "")
        case (.answered, .unanswered): return "\(size) bytes pass, \(size + 1) bytes vanish without a word"
        case (.refusedHere(let mtu), _): return "mtu \(mtu) of its own link"
        case (.refused(let mtu, let offender), _): return "mtu \(mtu), told by \(offender)"
        case (.unanswered, _): return "no answer to \(size) bytes"
        }
    }
}
