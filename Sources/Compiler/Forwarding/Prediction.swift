package import NetworkState

/// What the model says of one question and its answer.
package struct Prediction: Sendable {
    package let question: PacketStory.Question
    package let there: Walk
    /// Nil if the question does not arrive where it is meant to.
    package let back: Walk?

    /// Whether who asked gets an answer from whom it asked.
    package var isAnswered: Bool {
        guard let back else { return false }
        return back.ending.node == question.from && back.disposition.isDelivered
            && back.header.source == question.destination && back.header.destination == question.source
    }

    /// Where the one or the other got no further: the answer, if there is one.
    package var ending: WalkEnding { (back ?? there).ending }

    /// As whom the one who is asked sees the other.
    package var observedSource: IPAddress? { back == nil ? nil : there.header.source }
}

extension ForwardingNetwork {
    /// What becomes of a question by `question.from`, and of its answer.
    ///
    /// - `port`: that it is sent to, where one is published.
    /// - `length`: of the packet with its header, in bytes.
    /// - `isRecorded`: whether to tell each step, and what it relies on.
    /// - Precondition: there is a node `question.from`.
    package func predict(
        _ question: PacketStory.Question, port: UInt16? = nil, length: Int = 84, mayBeFragmented: Bool = true,
        isRecorded: Bool = true
    ) -> Prediction {
        guard let start = node(question.from) else { preconditionFailure("no node '\(question.from)'") }
        let packet = ModelPacket(
            from: question.source, to: question.destination, by: question.protocol, port: port, length: length,
            mayBeFragmented: mayBeFragmented)
        var walk = ModelWalk(packet, in: self, isRecorded: isRecorded)
        let there = walk.run(from: start)
        guard there.disposition.isDelivered, there.ending.node == question.to, let end = node(question.to) else {
            return Prediction(question: question, there: there, back: nil)
        }
        let seen = there.header
        let reply = ModelPacket(
            from: seen.destination, to: seen.source, by: question.protocol, port: seen.sourcePort,
            sourcePort: seen.destinationPort, length: length, mayBeFragmented: mayBeFragmented)
        var way = ModelWalk(reply, in: self, answering: walk, isRecorded: isRecorded)
        return Prediction(question: question, there: there, back: way.run(from: end))
    }

    /// The largest packet, in bytes, that gets from the one to the other whole; nil if none does, or somebody drops larger
    /// ones without a word.
    package func pathMTU(_ question: PacketStory.Question) -> Int? {
        guard let start = node(question.from) else { return nil }
        var length = nodes[start].decision(to: question.destination)?.hop.device.flatMap { device in
            nodes[start].places[device].map { nodes[start].links[$0].mtu }
        }
        while let tried = length {
            let there = predict(question, length: tried, mayBeFragmented: false, isRecorded: false).there
            switch there.disposition {
            case .delivered, .translated: return tried
            case .tooBig(let told?) where told < tried: length = told
            default: return nil
            }
        }
        return nil
    }
}
