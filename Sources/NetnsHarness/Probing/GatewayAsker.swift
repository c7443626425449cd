import Netlink
import NetworkState

/// Asks from links of containers who answers for their gateways, as the containers' kernels would, and leaves what those
/// have learnt as it is.
enum GatewayAsker {
    /// One question and from where it is asked.
    struct Inquiry: Hashable, Sendable {
        /// The node's name, and the link in it.
        let node: String
        let link: LinkName
        let sender: IPAddress
        let gateway: IPAddress
    }

    /// What came of it.
    struct Answer: Hashable, Sendable {
        let inquiry: Inquiry
        /// Everyone who said to be the gateway, once each, in the order of their saying so.
        var answerers: [MACAddress] = []
        var attempts = 0

        /// Those after the second: the first has hardly any time.
        var retries: Int { max(0, attempts - 2) }
    }

    /// Proxy ARP may take its time (`proxy_delay` of arp(7)); a lost question is asked again.
    private static let rounds: [Duration] = [
        .milliseconds(20), .milliseconds(300), .milliseconds(700), .milliseconds(1000),
    ]

    /// Asks all at once, and those that nobody has answered again.
    ///
    /// - `tap`: on all of the inquiries' nodes.
    static func ask(_ inquiries: [Inquiry], _ tap: Tap) throws(SystemError) -> [Answer] {
        var answers = inquiries.map { Answer(inquiry: $0) }
        for patience in rounds {
            let open = answers.indices.filter { answers[$0].answerers.isEmpty }
            if open.isEmpty { break }
            try ask(open, &answers, tap, patience)
        }
        return answers
    }

    private static func ask(
        _ indices: [Int], _ answers: inout [Answer], _ tap: Tap, _ patience: Duration
    ) throws(SystemError) {
        var questions: [String: [(Int, GatewayQuestion)]] = [:]
        let inquiries = indices.map { ($0, answers[$0].inquiry) }
        let (_, recording) = try tap.record { () throws(SystemError) in
            for (index, inquiry) in inquiries {
                guard let question = try send(inquiry, tap) else { continue }
                questions[inquiry.node, default: []].append((index, question))
            }
            // Others may speak up beside the first, so that nothing but time tells that all have.
            (MonotonicTime.now + patience).await()
        }
        for index in indices { answers[index].attempts += 1 }
        for entry in recording.entries where entry.frame.direction == .incoming {
            for (index, question) in questions[entry.node] ?? [] {
                guard entry.link == answers[index].inquiry.link.text,
                    let answerer = question.answer(in: entry.frame.bytes),
                    !answers[index].answerers.contains(answerer)
                else { continue }
                answers[index].answerers.append(answerer)
            }
        }
    }

    /// Nil where there is no such link.
    private static func send(_ inquiry: Inquiry, _ tap: Tap) throws(SystemError) -> GatewayQuestion? {
        guard let socket = tap.socket(of: inquiry.node), let link = socket.index(ofLink: inquiry.link.text),
            let own = socket.address(ofLink: inquiry.link.text).flatMap({ MACAddress(bytes: $0) })
        else { return nil }
        let question = GatewayQuestion(sender: inquiry.sender, senderLinkLayerAddress: own, target: inquiry.gateway)
        try socket.send(question.frame, through: link)
        return question
    }
}
