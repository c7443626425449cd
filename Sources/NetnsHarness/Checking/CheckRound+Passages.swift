import Compiler
import Netlink
import NetworkState

// The ways of packets, and what they are put into: seen on the wire, by an echo request (ICMP) for each pair.
extension CheckRound {
    /// How often what was not seen as it should be is looked at again.
    private static let attempts = 3
    /// Frames that one echo and its answer cause at one node, at the most.
    private static let framesPerPassage = 8

    /// So many looks, of a thousand passages at the most, come before memory that is free is given back again.
    private static let batchesBetweenRests = 64

    /// Of so many that are not as expected, the frames are kept.
    private static let keptLimit = 300

    /// - `suspects`: between which an echo did not do as it should.
    func checkPassages(_ tap: Tap, suspects: Set<Ends>, _ results: inout PassageResults) throws(SystemError) {
        var wrong: [Int: PassageLook] = [:]
        var kept = 0
        let batch = max(8, min(1_000, tap.room / Self.framesPerPassage))
        let prober = try proberOfPassages()
        for attempt in 0..<Self.attempts {
            let again = wrong.keys.sorted()
            let count = attempt == 0 ? list.passages.count : again.count
            for start in stride(from: 0, to: count, by: batch) {
                if start / batch % Self.batchesBetweenRests == Self.batchesBetweenRests - 1 {
                    ThisProcess.giveBackMemory()
                }
                let range = start..<min(start + batch, count)
                let some = attempt == 0 ? Array(range) : Array(again[range])
                // A journey is much larger than what comes of it: few are there at a time.
                var looks = some.map { wrong[$0] ?? PassageLook(passage: list.passages[$0]) }
                try look(at: &looks, tap, prober)
                for (index, look) in zip(some, looks) {
                    wrong[index] = look.isAsExpected ? nil : look
                    guard look.isAsExpected else {
                        results.postpone(index)
                        continue
                    }
                    let isSuspect = suspects.contains(look.ends)
                    let isKept = isSuspect && kept < Self.keptLimit
                    kept += isKept ? 1 : 0
                    let isBack = look.passage.back != nil && !isSuspect
                    let sight = Sight(look.journey, isKept: isKept, isBack: isBack)
                    results.note(checks(of: look), sight, look.passage, at: index)
                }
            }
            if wrong.isEmpty { break }
        }
        for (place, (index, look)) in wrong.sorted(by: { $0.key < $1.key }).enumerated() {
            let sight = Sight(look.journey, isKept: place < Self.keptLimit)
            results.note(checks(of: look, packets: sight.packets), sight, look.passage, at: index)
        }
    }

    /// One for all looks: to enter thousands of namespaces takes longer than a look.
    private func proberOfPassages() throws(SystemError) -> Prober {
        var involved: Set<String> = []
        for passage in list.passages { involved.formUnion([passage.from, passage.to]) }
        let nodes = nodes.filter { involved.contains($0.name) }
        let namespaces = try lab.directory.hold(nodes.map(\.name))
        return try withExtendedLifetime(namespaces) { () throws(SystemError) in
            try Prober(nodes: nodes, namespaces: namespaces.descriptors)
        }
    }

    /// Sends an echo request for each of some passages at once, and notes the ways that it and its answer take.
    private func look(
        at looks: inout [PassageLook], _ tap: Tap, _ prober: borrowing Prober
    ) throws(SystemError) {
        let probes = looks.map { look in
            Probe(
                from: look.passage.from, to: look.passage.to, address: look.passage.address, protocol: .icmp,
                expected: look.passage.there != nil)
        }
        let nonce = UInt64.random(in: 0 ... .max)
        let (_, recording) = try tap.record { () throws(SystemError) in
            try prober.run(probes, patience: Self.patience, nonce: nonce)
        }
        let journeys = recording.journeys(ofRun: nonce)
        for index in looks.indices {
            looks[index].attempts += 1
            looks[index].journey = journeys[index] ?? Journey()
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
                    place: place(origin), path: look.nodes(.there), packets: isRight ? [] : packets,
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
