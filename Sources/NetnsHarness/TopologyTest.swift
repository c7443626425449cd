package import Applier
package import Compiler
import NetworkState

/// The proof of one topology: which pairs to probe in its lab, and what each should show.
package struct TopologyTest {
    private let lab: Lab
    private let nodes: [ProbeNode]
    /// Of the containers, which stand first among the nodes.
    private let selection: PairSelection
    private let keepsPackets: Bool
    private let plan: CheckPlan
    /// All that ``plan`` has to say at first: made once, as it tells too between whom packets will go.
    private let list: CheckList

    /// - `pairLimit`: above so many ordered pairs of containers, a sample is probed.
    /// - `protocols`: what to probe by.
    /// - `keepsPackets`: whether what fails is asked once more with everything recorded, for evidence.
    package init(
        _ lab: Lab, pairLimit: Int = PairSelection.standardLimit,
        protocols: Set<ProbeProtocol> = Set(ProbeProtocol.allCases), keepsPackets: Bool = false
    ) {
        self.keepsPackets = keepsPackets
        self.lab = lab
        let hosts = lab.topology.hosts
        nodes = lab.topology.probeNodes
        let owners = hosts.indices.flatMap { index in hosts[index].containers.map { _ in index } }
        selection = PairSelection(hosts: owners, limit: pairLimit)
        plan = CheckPlan(lab, nodes: nodes, selection: selection, protocols: protocols)
        list = plan.list
    }

    /// Sends the packets and tells what came of them. The lab must be up.
    package func run(progress: (String) -> Void = { _ in }) throws(ApplyError) -> ReachabilityReport {
        let before = NeighbourTable.orStandard()
        var trial = Trial(lab, plan: plan, list, keepsPackets: keepsPackets)
        try trial.run(progress)
        return ReachabilityReport(
            topology: lab.topology.name, nodes: nodes, wiring: Wiring(lab.topology), outcomes: trial.outcomes,
            checks: trial.checks, findings: trial.findings,
            sampling: selection.isSample ? selection.description : nil, probeTime: trial.probeTime,
            notes: [NeighbourTable.orStandard().overflowNote(since: before)].compactMap(\.self))
    }

    /// What is told of a topology that could not be built here: every probe left out, for `reason`.
    package func skipped(because reason: String) -> ReachabilityReport {
        ReachabilityReport(
            topology: lab.topology.name, nodes: nodes, wiring: Wiring(lab.topology), outcomes: [],
            skips: list.probes.map { ReachabilityReport.Skip(probe: $0, reason: reason) })
    }

    /// The hosts, as indices, between which probes and their answers go: who has to know whose link-layer address.
    package var hostPairs: [(Int, Int)] {
        let indices = Dictionary(uniqueKeysWithValues: lab.topology.hosts.enumerated().map { ($1.name, $0) })
        let owners = Dictionary(uniqueKeysWithValues: nodes.map { ($0.name, indices[$0.host ?? $0.name]) })
        var seen: Set<PairSelection.Pair> = []
        list.forEachPair { from, to in
            guard let from = owners[from] ?? nil, let to = owners[to] ?? nil, from != to else { return }
            seen.insert(PairSelection.Pair(from: from, to: to))
            seen.insert(PairSelection.Pair(from: to, to: from))
        }
        return seen.map { ($0.from, $0.to) }
    }
}

extension NeighbourTable {
    /// Says that entries were lost since `earlier`, if they were: nothing else would, and a container that is not
    /// resolved looks just like one that is not reached.
    package func overflowNote(since earlier: NeighbourTable) -> String? {
        guard overflowCount > earlier.overflowCount else { return nil }
        let count = overflowCount - earlier.overflowCount
        return "the kernel's neighbour table overflowed \(count) time\(count == 1 ? "" : "s") during the probes "
            + "(net.ipv4.neigh.default.gc_thresh3 = \(limit), shared by all namespaces): "
            + "unreachable pairs may be its doing"
    }
}
