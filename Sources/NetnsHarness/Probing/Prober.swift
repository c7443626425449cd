package import Netlink
import NetworkState

/// Sends packets from namespace to namespace and tells which were answered.
///
/// One process with sockets in every namespace: 9,900 pairs take a fraction of a second, where starting a ping(8) for each
/// takes a minute. Several probers may work in the same namespaces at once.
package struct Prober: ~Copyable {
    private let nodes: [ProbeNode]
    private let opener: SocketOpener
    private let descriptorLimit: Int

    /// `namespaces` are descriptors of the nodes' network namespaces, in the nodes' order. The prober keeps duplicates.
    ///
    /// Node names must be unique.
    package init(nodes: [ProbeNode], namespaces: [Int32]) throws(SystemError) {
        precondition(nodes.count == namespaces.count, "a namespace for each node")
        let limit = try DescriptorLimit.raise()
        opener = try SocketOpener(duplicating: namespaces)
        descriptorLimit = limit
        self.nodes = nodes
    }

    /// Runs `probes` together and returns an outcome for each, in their order.
    ///
    /// - `nonce`: what the packets of this run alone carry, by which they are known on the wire.
    ///
    /// Every run opens its sockets anew, so that no firewall takes it for a continuation of an earlier one.
    package func run(
        _ probes: [Probe], patience: ProbePatience = .standard, nonce: UInt64 = .random(in: 0 ... .max)
    ) throws(SystemError) -> [ProbeOutcome] {
        try run(probes, patience: patience, nonce: nonce, keepsFlows: false).outcomes
    }

    /// The same, with what each connection is known by on the wire, where the packets that open one carry nothing.
    func follow(
        _ probes: [Probe], patience: ProbePatience, nonce: UInt64
    ) throws(SystemError) -> (outcomes: [ProbeOutcome], flows: [TCPFlow: Int]) {
        try run(probes, patience: patience, nonce: nonce, keepsFlows: true)
    }

    private func run(
        _ probes: [Probe], patience: ProbePatience, nonce: UInt64, keepsFlows: Bool
    ) throws(SystemError) -> (outcomes: [ProbeOutcome], flows: [TCPFlow: Int]) {
        if probes.isEmpty { return ([], [:]) }
        let work = ProbeWork(probes, among: nodes, patience: patience, nonce: nonce, keepsFlows: keepsFlows)
        let shares = work.shares(forThreads: min(ThisProcess.processorCount, 2), descriptorLimit: descriptorLimit)
        let (limit, opener) = (descriptorLimit / shares.count, self.opener)
        var run = try ProbeRun(work, share: shares[0], descriptorLimit: limit)
        try run.openStations(with: opener)
        guard shares.count > 1 else {
            try run.complete(with: opener)
            return (run.outcomes, run.flows)
        }
        let further = try RunningThread { () throws(SystemError) in
            var run = try ProbeRun(work, share: shares[1], descriptorLimit: limit)
            try run.openStations(with: opener)
            try run.complete(with: opener)
            return (outcomes: run.outcomes, flows: run.flows)
        }
        let own = Result { () throws(SystemError) in try run.complete(with: opener) }
        let others = further.join()
        try own.get()
        let (outcomes, flows) = try others.get()
        return (work.merge([run.outcomes, outcomes], of: shares), run.flows.merging(flows) { first, _ in first })
    }
}
