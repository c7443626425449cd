import Compiler
import Netlink
import NetworkState

/// One look at a lab: everything on a list found out, and held against what it should be.
struct CheckRound {
    let lab: Lab
    let list: CheckList
    let nodes: [ProbeNode]
    /// After which event, if any.
    let event: String?
    let places: CheckPlaces

    /// Of so many probes, what they took is worth giving back before anything else is done.
    private static let many = 100_000

    /// What a look has shown.
    struct Result {
        var outcomes = Packed<ProbeOutcome>()
        var checks = Packed<Check>()
        /// From opening the probes' sockets to the last outcome.
        var probeTime = Duration.zero

        var isAsExpected: Bool {
            outcomes.count(byRest: { !$0.isAsExpected }) == 0 && checks.count(byRest: { $0.status == .failed }) == 0
        }
    }

    /// - `patience`: of the probes.
    /// - `stopsEarly`: whether to look no further once something is not as expected.
    func run(patience: ProbePatience = .standard, stopsEarly: Bool = false) throws(SystemError) -> Result {
        let start = MonotonicTime.now
        var result = Result(outcomes: try probe(patience))
        result.probeTime = MonotonicTime.now - start
        if stopsEarly, !result.isAsExpected { return result }
        if result.outcomes.count > Self.many { ThisProcess.giveBackMemory() }
        let wire = try checkOnTheWire(of: result)
        result.checks += wire.checks
        result.note(wire.sights)
        if stopsEarly, !result.isAsExpected { return result }
        result.checks += try checkMTUs() + checkDeliveries()
        return result
    }

    private func probe(_ patience: ProbePatience) throws(SystemError) -> Packed<ProbeOutcome> {
        let namespaces = try lab.directory.hold(nodes.map(\.name))
        return try withExtendedLifetime(namespaces) { () throws(SystemError) in
            try Prober(nodes: nodes, namespaces: namespaces.descriptors).run(list.probes, patience: patience)
        }
    }

    /// What has to be seen, with sockets that go again before anything is measured.
    private func checkOnTheWire(of result: Result) throws(SystemError) -> (
        checks: Packed<Check>, sights: Packed<SeenEnds>
    ) {
        if list.gateways.isEmpty, list.passages.isEmpty { return ([], []) }
        let tap = try Tap(on: lab.nodes.filter { $0.kind != .segment }.map(\.name), in: lab.directory)
        let gateways = try checkGateways(tap)
        var passages = PassageResults(Packed(gateways))
        try checkPassages(tap, suspects: result.failedEchoes, &passages)
        return (passages.checks, passages.sights)
    }

    func place(_ origin: CheckList.Origin) -> SourcePlace? { origin.flatMap { places[$0] } }
}

extension CheckRound {
    /// Between which what was seen of one echo request tells of another.
    struct Ends: Hashable {
        let from: String
        let to: String
        let address: IPAddress
    }
}

extension CheckRound.Result {
    fileprivate var failedEchoes: Set<CheckRound.Ends> {
        Set(outcomes.filter(byRest: { $0.isEcho && !$0.isAsExpected }).map(\.probe.ends))
    }

    /// What was seen between the same ends goes with the echoes; each was sent right before.
    fileprivate mutating func note(_ sights: Packed<SeenEnds>) {
        var matching = SightMatching(sights, outcomes)
        let all = outcomes
        outcomes.revise { index in
            guard all.isEcho(at: index), let sight = matching.sight(of: index) else { return nil }
            var rest = all.rest(at: index)
            rest.sight = sight
            return rest
        }
    }
}

extension ProbeOutcome {
    fileprivate var isEcho: Bool { probe.protocol == .icmp && probe.port == nil }
}

extension Probe {
    fileprivate var ends: CheckRound.Ends { CheckRound.Ends(from: from, to: to, address: address) }
}
