import NetworkState

extension PacketStory {
    /// For people: each leg with its nodes, and what takes place at each, in columns.
    package var text: String {
        let legs = Leg.allCases.compactMap { leg -> String? in
            let steps = steps.filter { $0.leg == leg }
            return steps.isEmpty ? nil : "\n\(leg.heading)\n" + table(steps)
        }
        return question.text + "\n" + legs.joined() + "\n" + (way?.text ?? "") + outcome.text
    }

    /// A node's name stands at the first of its steps that follow each other.
    private func table(_ steps: [Step]) -> String {
        let times = steps.map { $0.microseconds.map { "+\($0) µs" } ?? "" }
        let widths = (
            steps.map(\.node.count).max() ?? 0, times.map(\.count).max() ?? 0, steps.map(\.event.word.count).max() ?? 0
        )
        return steps.indices.map { index in
            let step = steps[index]
            let isNew = index == 0 || steps[index - 1].node != step.node
            let time = String(repeating: " ", count: widths.1 - times[index].count) + times[index]
            let line = [
                padded(isNew ? step.node : "", widths.0), time, padded(step.event.word, widths.2),
                step.event.detail + (step.isPlanned ? "" : "  (not as planned)"),
            ].joined(separator: "  ")
            return "  " + String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
        }.joined()
    }

    private func padded(_ word: String, _ width: Int) -> String {
        word + String(repeating: " ", count: width - word.count)
    }
}

extension PacketStory.Question {
    fileprivate var text: String { "\(from) asks \(to) by \(`protocol`.rawValue): \(source) to \(destination)" }
}

extension PacketStory.Leg {
    fileprivate var heading: String {
        switch self {
        case .there: "The question"
        case .back: "The answer"
        case .error: "An error about the question"
        }
    }
}

extension PacketStory.Event {
    /// What the JSON calls it too.
    package var name: String {
        switch self {
        case .routes: "routes"
        case .switches: "switches"
        case .refuses: "refuses"
        case .resolves: "resolves"
        case .finds: "finds"
        case .translates: "translates"
        case .receives: "receives"
        case .sends: "sends"
        case .enters: "enters"
        case .leaves: "leaves"
        case .staysPlain: "staysPlain"
        case .arrives: "arrives"
        }
    }

    fileprivate var word: String {
        switch self {
        case .routes, .refuses: "route"
        case .switches: "bridge"
        case .resolves(let resolution): resolution.protocolWord
        case .finds(let table, _): table == .fdb ? "fdb" : "neigh"
        case .translates: "nat"
        case .receives: "in"
        case .sends: "out"
        case .enters: "into"
        case .leaves: "out of"
        case .staysPlain: "plain"
        case .arrives: "here"
        }
    }

    fileprivate var detail: String {
        switch self {
        case .routes(let destination, let route): "to \(destination): \(route)"
        case .switches: "handed on by link-layer address"
        case .refuses(let destination, let reason): "to \(destination): \(reason)"
        case .resolves(let resolution): resolution.text
        case .finds(_, let entry): entry
        case .translates(let translation): "\(translation.side) \(translation.before) -> \(translation.after)"
        case .receives(let passing), .sends(let passing): passing.text
        case .enters(let envelope), .leaves(let envelope):
            "\(envelope.tunnel), \(envelope.source) > \(envelope.destination)"
        case .staysPlain: "no encapsulation"
        case .arrives: "for this node itself"
        }
    }
}

extension PacketStory.Passing {
    fileprivate var text: String {
        let macs = linkLayer.map { ", \($0.source) > \($0.destination)" } ?? ""
        return "\(link): \(source) > \(destination) ttl \(timeToLive)\(macs)"
    }
}

extension PacketStory.Resolution {
    fileprivate var protocolWord: String { address.family == .v4 ? "arp" : "ndp" }

    fileprivate var text: String {
        let asked = "\(link): who has \(address)? "
        guard let answer else { return asked + "nobody answers" }
        let said = asked + "\(answer.node):\(answer.link) says \(answer.linkLayer)"
        if answer.isOwner { return said }
        return said + ", though \(answer.node) has no such address: proxy \(protocolWord.uppercased())"
    }
}

extension PacketStory.Outcome {
    fileprivate var text: String {
        switch self {
        case .answered(let microseconds):
            return "answered" + (microseconds.map { " after \($0) µs" } ?? "") + "\n"
        case .lost(let lastSeen, let cause, let reasons):
            let place = lastSeen.map { "last seen at \($0)" } ?? "never seen"
            return "not answered" + (cause.map { " (\($0))" } ?? "") + ", \(place)\n"
                + reasons.flatMap(\.lines).map { $0 + "\n" }.joined()
        }
    }
}

extension PacketStory.Reason {
    var lines: [String] { ["  \(text)"] + (remedy.map { ["    put right by: \($0)"] } ?? []) }
}
