import Applier
import Compiler
import Netlink
import NetworkState
import TestSupport
import Testing

@testable import NetnsHarness

/// What packets did in a lab, held against what the model says of them.
struct PredictedTraffic {
    /// Of one question, in words.
    struct Difference: CustomStringConvertible {
        let question: PacketStory.Question
        let words: String
        /// Where the model has it end.
        let ending: WalkEnding

        var description: String {
            let end = ending.disposition.isDelivered ? "" : " at \(ending.node): \(ending.reason)"
            return
                "\(question.from) to \(question.to) at \(question.destination): \(words); \(ending.disposition.word)\(end)"
        }
    }

    let lab: Lab
    var questions: [PacketStory.Question]
    var diligence = Diligence.thorough
    private let tap: Tap
    private(set) var compared = 0

    /// How often to ask, and how long to wait for what is predicted to come, before it is not as predicted.
    struct Diligence {
        let attempts: Int
        let patience: ProbePatience

        /// A frame that is late on a busy machine is none that goes another way. An answer may take as long as it needs; what
        /// nobody answers is sent but once.
        static let thorough = Diligence(
            attempts: 3,
            patience: ProbePatience(
                forAnswer: [.milliseconds(500), .milliseconds(1000)], forSilence: [.milliseconds(300)]))
        /// Where there is much silence: whoever hears nothing for so long, and sees no packet that should not be there.
        static let brisk = Diligence(
            attempts: 3,
            patience: ProbePatience(
                forAnswer: [.milliseconds(500), .milliseconds(1000)], forSilence: [.milliseconds(150)]))
        /// Where what is found is looked at again.
        static let hasty = Diligence(
            attempts: 1,
            patience: ProbePatience(forAnswer: [.milliseconds(400)], forSilence: [.milliseconds(300)]))
    }

    /// More are looked at by and by: a node's tap has room for so many frames.
    private static let batch = 100
    /// So few are asked again one after the other.
    private static let singly = 6

    init(_ lab: Lab, _ questions: [PacketStory.Question]) throws {
        self.lab = lab
        self.questions = questions
        tap = try Tap(on: lab.nodes.filter { $0.kind != .segment }.map(\.name), in: lab.directory)
    }

    /// Sends each question in the lab as it is, and expects of it what `network` predicts.
    mutating func expectAsPredicted(
        by network: Compiler.ForwardingNetwork, _ situation: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for difference in try differences(from: network) {
            Issue.record("\(situation): \(difference)", sourceLocation: sourceLocation)
        }
    }

    /// Sends each question in the lab as it is, and tells of which `network` predicts something else.
    mutating func differences(from network: Compiler.ForwardingNetwork) throws -> [Difference] {
        var differences: [Difference] = []
        for start in stride(from: 0, to: questions.count, by: Self.batch) {
            let some = Array(questions[start..<min(start + Self.batch, questions.count)])
            let predictions = some.map { network.predict($0) }
            var open = Array(some.indices)
            var words: [Int: String] = [:]
            for attempt in 0..<diligence.attempts where !open.isEmpty {
                // What one question has its nodes learn of each other, another has the use of.
                if attempt > 0 { try forgetNeighbours() }
                let areAlone = attempt > 0 && open.count <= Self.singly
                for together in areAlone ? open.map({ [$0] }) : [open] {
                    let seen = try send(together.map { some[$0] }, predictions: together.map { predictions[$0] })
                    for (index, sight) in zip(together, seen) {
                        words[index] = difference(predictions[index], sight).map {
                            "attempt \(attempt): \($0)\n\(sight.journey.diary)"
                        }
                    }
                    if areAlone { try forgetNeighbours() }
                }
                open = open.filter { words[$0] != nil }
            }
            compared += some.count
            differences += open.map {
                Difference(question: some[$0], words: words[$0] ?? "", ending: predictions[$0].ending)
            }
        }
        return differences
    }

    private typealias Seen = (outcome: ProbeOutcome, journey: Journey)

    private func send(_ questions: [PacketStory.Question], predictions: [Prediction]) throws -> [Seen] {
        let probes = zip(questions, predictions).map { question, prediction in
            Probe(
                from: question.from, to: question.to, address: question.destination, protocol: .icmp,
                expected: prediction.isAnswered)
        }
        let involved = Set(questions.flatMap { [$0.from, $0.to] })
        let nodes = lab.topology.probeNodes.filter { involved.contains($0.name) }
        let namespaces = try lab.directory.hold(nodes.map(\.name))
        let nonce = UInt64.random(in: 0 ... .max)
        let patience = diligence.patience
        let (outcomes, recording) = try withExtendedLifetime(namespaces) {
            let prober = try Prober(nodes: nodes, namespaces: namespaces.descriptors)
            return try tap.record { () throws(SystemError) in
                try prober.run(probes, patience: patience, nonce: nonce)
            }
        }
        let journeys = recording.journeys(ofRun: nonce)
        return outcomes.indices.map { (outcomes[$0], journeys[$0] ?? Journey()) }
    }

    /// Nil if everything is as predicted.
    private func difference(_ prediction: Prediction, _ seen: Seen) -> String? {
        let (outcome, journey) = seen
        // By the echo alone nobody can tell who has sent it.
        let isAnswered = outcome.isReachable && journey.nodes(.there).last == outcome.probe.to
        if isAnswered != prediction.isAnswered {
            return "answered: \(prediction.isAnswered) predicted, \(isAnswered) seen (\(outcome.cause ?? ""))"
        }
        let ways = [
            ("there", prediction.there.nodes, journey.nodes(.there)),
            // Whoever answers instead of the one who was asked, is not followed.
            ("back", prediction.back?.nodes, journey.nodes(.back)),
        ]
        for case (let leg, let predicted?, let seen) in ways where predicted != seen {
            return "\(leg): \(predicted.joined(separator: " ")) predicted, \(seen.joined(separator: " ")) seen"
        }
        if let words = ObservedEnding(outcome, journey).contradiction(of: prediction) { return words }
        let tunnels = (prediction.there.tunnels.map(\.text), journey.tunnels(.there).map(\.text))
        return tunnels.0 == tunnels.1 ? nil : "in \(tunnels.0) predicted, in \(tunnels.1) seen"
    }

    func forgetNeighbours() throws {
        var applier = Applier(HostNamespaces(directory: lab.directory.path))
        try applier.forgetNeighbours(in: lab.nodes.map { .named($0.name) })
    }
}

extension Journey {
    /// What was seen, a line each, by microseconds: 0.0, A:veth1, incoming, there, ttl 64.
    fileprivate var diary: String {
        sightings.map { sighting in
            let time = Double(sighting.time.nanoseconds - sightings[0].time.nanoseconds) / 1000
            let (place, leg, packet) = (sighting.text, sighting.leg, sighting.packet)
            return "  \(time), \(place), \(leg), ttl \(packet.timeToLive), \(packet.source) to \(packet.destination)"
        }.joined(separator: "\n")
    }
}

extension ValidTopology {
    /// Between all containers and servers, or where there are many, some of each of the first and last hosts'.
    var trafficQuestions: [PacketStory.Question] {
        let some = hosts.count > 6 ? Array(hosts.prefix(2)) + hosts.suffix(2) : hosts
        let names = Set(some.flatMap { $0.containers.prefix(3).map(\.name) } + servers.map(\.name))
        return questions(among: names, in: plannedNetwork)
    }

    /// Of each of `names` to each, save those at addresses that several have, whose echoes nobody could tell apart.
    func questions(among names: Set<String>, in network: Compiler.ForwardingNetwork) -> [PacketStory.Question] {
        let ends = probeNodes.filter { names.contains($0.name) }
        var counts: [IPAddress: Int] = [:]
        for address in probeNodes.flatMap(\.addresses) { counts[address, default: 0] += 1 }
        let known = Set(counts.filter { $0.value == 1 }.keys)
        var questions: [PacketStory.Question] = []
        for from in ends {
            for to in ends where from != to {
                for address in to.addresses where known.contains(address) {
                    guard let own = from.addresses.first(where: { $0.family == address.family }) else { continue }
                    let chosen = network.node(from.name).flatMap { network.nodes[$0].source(to: address) }
                    questions.append(
                        PacketStory.Question(
                            from: from.name, to: to.name, source: chosen ?? own, destination: address, protocol: .icmp))
                }
            }
        }
        return questions
    }
}
