import Netlink
import NetworkState

/// Who has asked for whose link-layer address in a recording, and who has answered.
struct NeighbourTalk {
    private struct Question {
        let node: String
        let link: String
        let target: IPAddress
        let time: MonotonicTime
    }

    private struct Answer {
        let node: String
        let link: String
        let direction: CapturedFrame.Direction
        let target: IPAddress
        let linkLayer: MACAddress
        let time: MonotonicTime
    }

    /// A question that a node has asked by one of its links, with who answered.
    struct Exchange {
        let link: String
        let target: IPAddress
        let time: MonotonicTime
        /// Nil if nobody did.
        let answerer: (node: String, link: String, linkLayer: MACAddress)?
    }

    /// Those that somebody sent, in the order of time.
    private var questions: [Question] = []
    private var answers: [Answer] = []

    init(_ recording: Recording) {
        for entry in recording.entries where entry.frame.isEthernet {
            switch NeighbourMessage(entry.frame.bytes) {
            case .question(let target)? where entry.frame.direction == .outgoing:
                questions.append(
                    Question(node: entry.node, link: entry.link, target: target, time: entry.frame.time))
            case .answer(let target, let owner)?:
                answers.append(
                    Answer(
                        node: entry.node, link: entry.link, direction: entry.frame.direction, target: target,
                        linkLayer: owner, time: entry.frame.time))
            default: break
            }
        }
    }

    /// By which `node` learnt, before `time`, that `linkLayer` is a neighbour's on `link`.
    func exchange(of node: String, _ link: String, for linkLayer: MACAddress, before time: MonotonicTime) -> Exchange? {
        for question in questions.reversed() where question.node == node && question.link == link {
            let heard = answers.first {
                $0.node == node && $0.link == link && $0.direction == .incoming && $0.target == question.target
                    && $0.linkLayer == linkLayer && $0.time >= question.time && $0.time <= time
            }
            guard heard != nil else { continue }
            let said = answers.first {
                $0.direction == .outgoing && $0.target == question.target && $0.linkLayer == linkLayer
                    && $0.time >= question.time
            }
            return Exchange(
                link: link, target: question.target, time: question.time,
                answerer: said.map { ($0.node, $0.link, linkLayer) })
        }
        return nil
    }

    /// What `node` has asked in vain, each once.
    func unanswered(at node: String) -> [Exchange] {
        var exchanges: [Exchange] = []
        for question in questions where question.node == node {
            let isAnswered = answers.contains {
                $0.node == node && $0.link == question.link && $0.direction == .incoming && $0.target == question.target
            }
            let isTold = exchanges.contains { $0.target == question.target }
            guard !isAnswered, !isTold else { continue }
            exchanges.append(
                Exchange(link: question.link, target: question.target, time: question.time, answerer: nil))
        }
        return exchanges
    }
}
