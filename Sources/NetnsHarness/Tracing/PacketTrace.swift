package import Applier
package import Compiler
import Netlink
package import NetworkState

/// One question in a lab, followed with its answer from node to node.
package struct PacketTrace: Sendable {
    package let story: PacketStory
    /// All that passed meanwhile, whosever it was.
    package let recording: Recording
    private let journey: Journey

    /// A container that no router knows is told so after three seconds, when its router has given up to ask for it.
    private static let patience = ProbePatience(
        forAnswer: [.milliseconds(3_500)], forSilence: [.milliseconds(3_500)])
    /// In a larger lab, only the nodes on the packet's expected way are watched.
    private static let watchLimit = 150
    /// So many reasons for a loss are worth reading.
    private static let reasonLimit = 6

    /// Asks once, and tells what became of that.
    ///
    /// - `forgettingNeighbours`: whether to empty the neighbour tables before, so that it is seen how nodes find each other.
    ///   Not for a lab that others use.
    package static func run(
        _ question: PacketStory.Question, in lab: Lab, forgettingNeighbours: Bool
    ) throws(ApplyError) -> PacketTrace {
        let watched = watched(question, in: lab)
        if forgettingNeighbours {
            var applier = Applier(HostNamespaces(directory: lab.directory.path))
            try applier.forgetNeighbours(in: watched.map { .named($0) })
        }
        let nonce = UInt64.random(in: 0 ... .max)
        let (outcome, recording) = try systems { () throws(SystemError) in
            try ask(question, in: lab, watched, nonce)
        }
        let journey =
            question.protocol == .tcp
            ? recording.connectionJourney(from: question.from, to: question.destination)
            : recording.journeys(ofRun: nonce)[0] ?? Journey()
        var teller = Storyteller(lab, recording)
        try teller.tell(journey, question)
        let story = PacketStory(
            topology: lab.topology.name, question: question, steps: teller.steps,
            way: try way(of: question, journey, isAnswered: outcome.isReachable, in: lab),
            outcome: try Self.outcome(of: question, outcome, journey, in: lab))
        return PacketTrace(story: story, recording: recording, journey: journey)
    }

    /// An answer counts that comes from who was asked: by an address that several have, any of them can be asked.
    private static func outcome(
        of question: PacketStory.Question, _ outcome: ProbeOutcome, _ journey: Journey, in lab: Lab
    ) throws(ApplyError) -> PacketStory.Outcome {
        guard outcome.isReachable else {
            return .lost(
                lastSeen: journey.last?.text, cause: outcome.cause, reasons: try reasons(question, in: lab))
        }
        let last = journey.nodes(.there).last
        if last == question.to { return .answered(microseconds: outcome.roundTripMicroseconds) }
        let cause = "\(last ?? "another") has \(question.destination) too, and answered instead"
        return .lost(lastSeen: journey.last?.text, cause: cause, reasons: [])
    }

    /// What is lost has its reasons with its outcome.
    private static func way(
        of question: PacketStory.Question, _ journey: Journey, isAnswered: Bool, in lab: Lab
    ) throws(ApplyError) -> PacketStory.Way? {
        let plan = CheckPlan(lab, nodes: lab.topology.probeNodes, selection: PairSelection(hosts: [], limit: 0))
        let passage = plan.passage(from: question.from, to: question.to, at: question.destination)
        guard var way = passage.map({ PassageLook(passage: $0, journey: journey).way }) else { return nil }
        if isAnswered, !way.isAsExpected { way.reasons = try reasons(question, in: lab) }
        return way
    }

    private static func ask(
        _ question: PacketStory.Question, in lab: Lab, _ watched: [String], _ nonce: UInt64
    ) throws(SystemError) -> (ProbeOutcome, Recording) {
        let ends = lab.topology.probeNodes.filter { $0.name == question.from || $0.name == question.to }
        let tap = try Tap(on: watched, in: lab.directory)
        let namespaces = try lab.directory.hold(ends.map(\.name))
        // As one that should not be answered: those end with the first reason why they are not.
        let probe = probe(question, expected: false)
        let (outcomes, recording) = try withExtendedLifetime(namespaces) { () throws(SystemError) in
            let prober = try Prober(nodes: ends, namespaces: namespaces.descriptors)
            return try tap.record { () throws(SystemError) in
                try prober.run([probe], patience: patience, nonce: nonce)
            }
        }
        return (outcomes[0], recording)
    }

    private static func probe(_ question: PacketStory.Question, expected: Bool) -> Probe {
        Probe(
            from: question.from, to: question.to, address: question.destination, protocol: question.protocol,
            expected: expected)
    }

    /// Switches are but wires to it.
    private static func watched(_ question: PacketStory.Question, in lab: Lab) -> [String] {
        let machines = lab.nodes.filter { $0.kind != .segment }.map(\.name)
        guard machines.count > watchLimit else { return machines }
        let ends = lab.topology.probeNodes.filter { $0.name == question.from || $0.name == question.to }
        let way = passage(question, in: lab)
        return (ends.flatMap { [$0.name, $0.host].compactMap(\.self) } + (way?.there ?? []) + (way?.back ?? [])).uniqued
    }

    private static func passage(_ question: PacketStory.Question, in lab: Lab) -> ExpectedWays.Passage? {
        ExpectedWays(lab.topology).passage(
            from: question.from, at: question.source, to: question.to, at: question.destination)
    }

    /// Why it is not as it should be.
    private static func reasons(
        _ question: PacketStory.Question, in lab: Lab
    ) throws(ApplyError) -> [PacketStory.Reason] {
        var diagnosis = Diagnosis(lab, after: nil)
        let failure = ProbeOutcome(probe: probe(question, expected: true), isReachable: false)
        let culprits = try diagnosis.findings(Suspicion.all(in: CheckRound.Result(outcomes: [failure]))).flatMap(
            \.culprits)
        return culprits.prefix(reasonLimit).map {
            PacketStory.Reason(node: $0.node, text: $0.text, remedy: $0.remedy)
        }
    }
}

extension PacketTrace {
    /// What was seen, as Wireshark reads it: the question's own frames say so.
    package var capture: PacketCapture {
        let question = story.question
        let subject = "\(question.from) asks \(question.to) by \(question.protocol.rawValue)"
        let legs = Dictionary(
            journey.sightings.map { (Place($0.node, $0.link, $0.time), $0.leg) },
            uniquingKeysWith: { first, _ in first })
        var capture = PacketCapture(snapLength: recording.snapLength, comment: subject)
        for entry in recording.entries {
            let comment =
                switch legs[Place(entry.node, entry.link, entry.frame.time)] {
                case .there: "\(subject): the question"
                case .back: "\(subject): the answer"
                case .error: "\(subject): an error about the question"
                case nil: nil as String?
                }
            capture.append(entry, wallClockLead: recording.wallClockLead, comment: comment)
        }
        return capture
    }

    private struct Place: Hashable {
        let node: String
        let link: String
        let time: MonotonicTime

        init(_ node: String, _ link: String, _ time: MonotonicTime) {
            self.node = node
            self.link = link
            self.time = time
        }
    }
}

extension ValidTopology {
    /// Containers, hosts and servers: who can ask and be asked.
    package var traceableNodes: [String] { probeNodes.map(\.name) }

    /// What to ask; nil if the one has no address of a family that the other has, or `to` has not the `address`.
    ///
    /// - `address`: which of `to`'s; by default the first that can be asked.
    package func question(
        from: String, to: String, at address: IPAddress? = nil, by protocol: ProbeProtocol
    ) -> PacketStory.Question? {
        guard let source = probeNodes.first(where: { $0.name == from }),
            let target = probeNodes.first(where: { $0.name == to })
        else { return nil }
        for destination in target.addresses where address == nil || destination == address {
            guard let own = source.addresses.first(where: { $0.family == destination.family }) else { continue }
            return PacketStory.Question(
                from: from, to: to, source: own, destination: destination, protocol: `protocol`)
        }
        return nil
    }
}
