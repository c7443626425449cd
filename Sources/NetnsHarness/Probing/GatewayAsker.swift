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
    }

    /// Proxy ARP may take its time (`proxy_delay` of arp(7)); a lost question is asked again.
    private static let rounds: [Duration] = [.milliseconds(300), .milliseconds(700), .milliseconds(1000)]
    /// How long others may take to speak up beside the first.
    private static let afterthought = Duration.milliseconds(5)

    static func ask(_ inquiries: [Inquiry], in directory: NetnsDirectory) throws(SystemError) -> [Answer] {
        var answers: [Answer] = []
        for inquiry in inquiries { answers.append(try ask(inquiry, in: directory)) }
        return answers
    }

    private static func ask(_ inquiry: Inquiry, in directory: NetnsDirectory) throws(SystemError) -> Answer {
        var answer = Answer(inquiry: inquiry)
        var socket = try PacketSocket.open(on: inquiry.link.text, in: try directory.open(inquiry.node))
        guard let own = MACAddress(bytes: try socket.linkLayerAddress()) else { return answer }
        let question = GatewayQuestion(
            sender: inquiry.sender, senderLinkLayerAddress: own, target: inquiry.gateway)
        for patience in rounds where answer.answerers.isEmpty {
            answer.attempts += 1
            try socket.send(question.frame)
            try listen(to: &socket, for: question, patience, &answer)
        }
        return answer
    }

    private static func listen(
        to socket: inout PacketSocket, for question: GatewayQuestion, _ patience: Duration, _ answer: inout Answer
    ) throws(SystemError) {
        var deadline = MonotonicTime.now + patience
        while let frame = try socket.receive(until: deadline) {
            guard frame.direction == .incoming, let answerer = question.answer(in: frame.bytes),
                !answer.answerers.contains(answerer)
            else { continue }
            if answer.answerers.isEmpty { deadline = MonotonicTime.now + afterthought }
            answer.answerers.append(answerer)
        }
    }
}
