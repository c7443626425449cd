package import Applier
import Compiler
package import Netlink
import NetworkState

/// The proof of one topology: which pairs to probe in its lab, and what each should show.
package struct TopologyTest {
    private let lab: Lab
    private let nodes: [ProbeNode]
    /// Of the containers, which stand first among the nodes.
    private let selection: PairSelection

    /// - `pairLimit`: above so many ordered pairs of containers, a sample is probed.
    package init(_ lab: Lab, pairLimit: Int = PairSelection.standardLimit) {
        self.lab = lab
        let hosts = lab.topology.hosts
        nodes = lab.topology.probeNodes
        let owners = hosts.indices.flatMap { index in hosts[index].containers.map { _ in index } }
        selection = PairSelection(hosts: owners, limit: pairLimit)
    }

    /// Sends the packets and tells what came of them. The lab must be up.
    package func run() throws(SystemError) -> ReachabilityReport {
        let namespaces = try lab.directory.hold(nodes.map(\.name))
        let before = NeighbourTable.orStandard()
        let outcomes = try withExtendedLifetime(namespaces) { () throws(SystemError) in
            let prober = try Prober(nodes: nodes, namespaces: namespaces.descriptors)
            return try prober.run(probes)
        }
        return ReachabilityReport(
            topology: lab.topology.name, nodes: nodes, outcomes: outcomes,
            sampling: selection.isSample ? selection.description : nil,
            notes: [NeighbourTable.orStandard().overflowNote(since: before)].compactMap(\.self))
    }

    /// What is told of a topology that could not be built here: every probe left out, for `reason`.
    package func skipped(because reason: String) -> ReachabilityReport {
        ReachabilityReport(
            topology: lab.topology.name, nodes: nodes, outcomes: [],
            skips: probes.map { ReachabilityReport.Skip(probe: $0, reason: reason) })
    }

    /// The hosts, as indices, between which probes and their answers go: who has to know whose link-layer address.
    package var hostPairs: [(Int, Int)] {
        let indices = Dictionary(uniqueKeysWithValues: lab.topology.hosts.enumerated().map { ($1.name, $0) })
        let owners = Dictionary(uniqueKeysWithValues: nodes.map { ($0.name, indices[$0.host ?? $0.name]) })
        var seen: Set<PairSelection.Pair> = []
        for probe in probes {
            guard let from = owners[probe.from] ?? nil, let to = owners[probe.to] ?? nil, from != to else { continue }
            seen.formUnion([PairSelection.Pair(from: from, to: to), PairSelection.Pair(from: to, to: from)])
        }
        return seen.map { ($0.from, $0.to) }
    }

    /// Every ordered pair of containers, or a sample; what the author expects of further ones; containers with servers and
    /// each host with its own containers, both ways; and the published ports.
    private var probes: [Probe] {
        let plan = ProbePlan(lab.topology, nodes: nodes)
        let selected = Set(selection.pairs)
        let named = plan.expectations.namedPairs.filter { !selected.contains($0) }
        return (selection.pairs + named).flatMap(plan.containerProbes) + plan.serverProbes + plan.portProbes
            + plan.hostProbes
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
