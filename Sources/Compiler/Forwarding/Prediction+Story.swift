import NetworkState

extension Prediction {
    /// The same as ``PacketStory``, as it would be seen on the wire, with the entries that decide each step.
    ///
    /// - `plan`: what is to become of it; nil if this is what the plan says.
    /// - `culprits`: what is on the way and not as planned.
    package func story(
        in topology: ValidTopology, against plan: Prediction? = nil, _ culprits: [PredictedCulprit] = []
    ) -> PacketStory {
        var teller = PredictionTeller(topology, culprits)
        teller.tell(there, .there, to: question)
        if let back { teller.tell(back, .back, to: question) }
        let reasons = culprits.map { culprit in
            PacketStory.Reason(
                node: culprit.node, text: culprit.text, remedy: culprit.change.commands.joined(separator: "; "))
        }
        var way = plan.map { self.way(against: $0) }
        if isAnswered { way?.reasons = reasons }
        return PacketStory(
            topology: topology.name, question: question, steps: teller.steps, way: way,
            outcome: outcome(teller.last, reasons))
    }

    private func outcome(_ lastSeen: String?, _ culprits: [PacketStory.Reason]) -> PacketStory.Outcome {
        if isAnswered { return .answered(microseconds: nil) }
        var reasons = culprits
        if reasons.isEmpty, let decider = ending.decider {
            reasons = [PacketStory.Reason(node: decider.node, text: decider.text, remedy: nil)]
        }
        return .lost(lastSeen: lastSeen, cause: cause, reasons: reasons)
    }

    /// Why there is no answer.
    var cause: String {
        guard ending.disposition.isDelivered else { return "\(ending.disposition.word): \(ending.reason)" }
        if back == nil { return "\(ending.node) has \(there.header.destination) too, and would answer instead" }
        return "the answer would come from \(back?.header.source ?? question.destination)"
    }
}

/// Makes the steps of a story of what the model says.
private struct PredictionTeller {
    private let hosts: Set<String>
    private let containers: Set<String>
    private(set) var steps: [PacketStory.Step] = []
    /// Where it was last on a link: `B:eth0, incoming`.
    private(set) var last: String?
    /// What is there and not as planned.
    private let unplanned: Set<Reliance.Identity>

    init(_ topology: ValidTopology, _ culprits: [PredictedCulprit]) {
        unplanned = Set(
            culprits.filter { $0.change.before != nil }.map {
                Reliance.Identity(node: $0.node, resource: $0.change.identity)
            })
        hosts = Set(topology.hosts.map(\.name))
        containers = Set(topology.hosts.flatMap { $0.containers.map(\.name) })
    }

    mutating func tell(_ walk: Walk, _ leg: PacketStory.Leg, to question: PacketStory.Question) {
        for (place, step) in walk.steps.enumerated() {
            if let event = PacketStory.Event(step.event) {
                steps.append(PacketStory.Step(leg, at: step.node, event, isPlanned: isPlanned(step)))
            }
            switch step.event {
            case .sends(let passing):
                last = "\(step.node):\(passing.link), outgoing"
                tellPlain(passing, step.node, walk.steps.dropFirst(place + 1).first?.node, leg)
            case .receives(let passing): last = "\(step.node):\(passing.link), incoming"
            default: break
            }
        }
        guard walk.ending.isTold else { return }
        let refusal = PacketStory.Event.refuses(destination: walk.header.destination, reason: walk.ending.reason)
        steps.append(PacketStory.Step(leg, at: walk.ending.node, refusal))
    }

    private func isPlanned(_ step: Walk.Step) -> Bool {
        guard let decider = step.event.decider else { return true }
        return !unplanned.contains(Reliance.Identity(node: step.node, resource: decider))
    }

    /// What goes from a host to another node that is no container of its own, in nothing.
    private mutating func tellPlain(
        _ passing: Walk.Passing, _ node: String, _ next: String?, _ leg: PacketStory.Leg
    ) {
        guard let next, next != node, hosts.contains(node), !containers.contains(next),
            case .probe = passing.header.content
        else { return }
        steps.append(PacketStory.Step(leg, at: node, .staysPlain))
    }
}

extension Walk.Event {
    /// The entry that has it happen, or the link that it happens on.
    fileprivate var decider: Resource.Identity? {
        switch self {
        case .routes(_, let route): .route(route.identity)
        case .finds(let entry): .fdb(entry.identity)
        case .resolves(_, _, .entry(let entry)): .neighbour(entry.identity)
        case .sends(let passing), .receives(let passing): .link(passing.link)
        case .resolves, .translates, .switches, .enters, .leaves, .arrives: nil
        }
    }
}

extension WalkEnding {
    /// Whether it needs a step of its own: that nobody answers for a neighbour has been told.
    fileprivate var isTold: Bool { !disposition.isDelivered && disposition != .neighbourUnreachable }
}

extension PacketStory.Event {
    /// Nil for an answer whose link-layer address nobody knows beforehand.
    fileprivate init?(_ event: Walk.Event) {
        switch event {
        case .routes(let destination, let route):
            let words = "\(route.destination.destinationText) \(Resource.route(route).words)"
            self = .routes(destination: destination, route: words)
        case .resolves(let link, let address, let resolution):
            guard let event = Self(link, address, resolution) else { return nil }
            self = event
        case .finds(let entry): self = .finds(.fdb, entry: Resource.fdb(entry).line)
        case .translates(let translation): self = .translates(translation)
        case .sends(let passing): self = .sends(PacketStory.Passing(passing))
        case .receives(let passing): self = .receives(PacketStory.Passing(passing))
        case .switches: self = .switches
        case .enters(let tunnel, let source, let destination):
            self = .enters(PacketStory.Envelope(tunnel: tunnel.text, source: source, destination: destination))
        case .leaves(let tunnel, let source, let destination):
            self = .leaves(PacketStory.Envelope(tunnel: tunnel.text, source: source, destination: destination))
        case .arrives: self = .arrives
        }
    }

    private init?(_ link: LinkName, _ address: IPAddress, _ resolution: Walk.Resolution) {
        switch resolution {
        case .entry(let entry): self = .finds(.neighbour, entry: Resource.neighbour(entry).line)
        case .silence: self = .resolves(PacketStory.Resolution(link: link.text, address: address, answer: nil))
        case .answer(let node, let far, let linkLayer, let isOwner):
            guard let linkLayer else { return nil }
            let answer = PacketStory.Resolution.Answer(
                node: node, link: far.text, linkLayer: linkLayer, isOwner: isOwner)
            self = .resolves(PacketStory.Resolution(link: link.text, address: address, answer: answer))
        }
    }
}

extension Resource {
    /// As `ip` and `bridge` list it.
    fileprivate var line: String { "\(identity) \(words)" }
}

extension PacketStory.Passing {
    fileprivate init(_ passing: Walk.Passing) {
        let pair = passing.linkLayer.flatMap { frame in
            frame.source.flatMap { source in frame.destination.map { Pair(source: source, destination: $0) } }
        }
        self.init(
            link: passing.link.text, source: passing.header.source, destination: passing.header.destination,
            timeToLive: passing.header.timeToLive, linkLayer: pair)
    }
}
