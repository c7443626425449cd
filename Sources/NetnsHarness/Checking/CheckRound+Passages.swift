import Compiler
import Netlink
import NetworkState

// The ways of packets, and what they are put into: seen on the wire, by an echo request (ICMP) for each pair.
extension CheckRound {
    /// How often what was not seen as it should be is looked at again.
    private static let attempts = 3
    /// Frames that one echo and its answer cause at one node, at the most.
    private static let framesPerPassage = 8

    /// Of so many that are not as expected, the frames are kept.
    private static let keptLimit = 300

    /// - `suspects`: between which an echo did not do as it should.
    func checkPassages(
        _ tap: Tap, suspects: Set<Ends>
    ) throws(SystemError) -> (checks: [Check], sights: [Ends: Sight]) {
        var looks = list.passages.map { PassageLook(passage: $0) }
        var sights: [Ends: Sight] = [:]
        var kept = 0
        // A journey is much larger than what comes of it, and thousands are not needed any more once they are as expected.
        var made: [[Check]?] = Array(repeating: nil, count: looks.count)
        let batch = max(8, min(1_000, tap.room / Self.framesPerPassage))
        for _ in 0..<Self.attempts {
            let wrong = looks.indices.filter { made[$0] == nil }
            if wrong.isEmpty { break }
            for start in stride(from: 0, to: wrong.count, by: batch) {
                let indices = Array(wrong[start..<min(start + batch, wrong.count)])
                try look(at: indices, in: &looks, tap)
                for index in indices where looks[index].isAsExpected {
                    made[index] = checks(of: looks[index])
                    let ends = looks[index].ends
                    let isKept = suspects.contains(ends) && kept < Self.keptLimit
                    kept += isKept ? 1 : 0
                    sights[ends] = Sight(looks[index].journey, isKept: isKept)
                    looks[index].journey = Journey()
                }
            }
        }
        let wrong = looks.indices.filter { made[$0] == nil }
        for (place, index) in wrong.enumerated() {
            let sight = Sight(looks[index].journey, isKept: place < Self.keptLimit)
            sights[looks[index].ends] = sight
            made[index] = checks(of: looks[index], packets: sight.packets)
        }
        return (made.flatMap { $0 ?? [] }, sights)
    }

    /// Sends an echo request for each of some passages at once, and notes the ways that it and its answer take.
    private func look(at indices: [Int], in looks: inout [PassageLook], _ tap: Tap) throws(SystemError) {
        let probes = indices.map { index in
            let passage = looks[index].passage
            return Probe(
                from: passage.from, to: passage.to, address: passage.address, protocol: .icmp,
                expected: passage.there != nil)
        }
        let involved = Set(probes.flatMap { [$0.from, $0.to] })
        let nodes = nodes.filter { involved.contains($0.name) }
        let namespaces = try lab.directory.hold(nodes.map(\.name))
        let nonce = UInt64.random(in: 0 ... .max)
        let (_, recording) = try withExtendedLifetime(namespaces) { () throws(SystemError) in
            let prober = try Prober(nodes: nodes, namespaces: namespaces.descriptors)
            return try tap.record { () throws(SystemError) in
                try prober.run(probes, patience: Self.patience, nonce: nonce)
            }
        }
        let journeys = recording.journeys(ofRun: nonce)
        for (place, index) in indices.enumerated() {
            looks[index].attempts += 1
            looks[index].journey = journeys[place] ?? Journey()
        }
    }

    /// Who does not answer has been asked more patiently before.
    private static let patience = ProbePatience(forAnswer: [.milliseconds(500)], forSilence: [.milliseconds(100)])

    private func checks(of look: PassageLook, packets: [Journey.Sighting] = []) -> [Check] {
        let passage = look.passage
        var checks: [Check] = []
        func append(
            _ kind: CheckKind, _ expected: String, _ observed: String, _ isRight: Bool, _ origin: CheckList.Origin
        ) {
            checks.append(
                Check(
                    kind: kind, from: passage.from, to: passage.to, address: passage.address, protocol: .icmp,
                    expected: expected, observed: observed, status: isRight ? .passed : .failed, event: event,
                    place: place(origin), path: look.journey.nodes(.there), packets: isRight ? [] : packets,
                    retries: isRight ? look.attempts - 1 : 0))
        }
        if let expected = look.expectedPath {
            append(.path, expected, look.observedPath, look.isPathRight, passage.pathOrigin)
        }
        if let expected = passage.encapsulation {
            append(
                .encapsulation, expected.tunnelWord, look.observedTunnels, look.isEncapsulationRight,
                passage.encapsulationOrigin)
        }
        return checks
    }
}

extension PassageLook {
    fileprivate var ends: CheckRound.Ends {
        CheckRound.Ends(from: passage.from, to: passage.to, address: passage.address)
    }
}
