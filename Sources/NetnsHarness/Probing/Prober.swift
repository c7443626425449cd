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

    /// So many are under way together; of more, which take room each, the next are when those have been answered.
    private static let probesTogether = 1 << 16

    /// Runs `probes` together and returns an outcome for each, in their order.
    ///
    /// - `nonce`: what the packets of this run alone carry, by which they are known on the wire.
    ///
    /// Every run opens its sockets anew, so that no firewall takes it for a continuation of an earlier one.
    package func run(
        _ probes: [Probe], patience: ProbePatience = .standard, nonce: UInt64 = .random(in: 0 ... .max)
    ) throws(SystemError) -> [ProbeOutcome] {
        Array(try run(Packed(probes), patience: patience, nonce: nonce))
    }

    func run(
        _ probes: Packed<Probe>, patience: ProbePatience = .standard, nonce: UInt64 = .random(in: 0 ... .max)
    ) throws(SystemError) -> Packed<ProbeOutcome> {
        var outcomes = Packed<ProbeOutcome>()
        for start in stride(from: 0, to: probes.count, by: Self.probesTogether) {
            let end = min(start + Self.probesTogether, probes.count)
            let part = end - start < probes.count ? probes.part(start..<end) : probes
            _ = try run(part, patience: patience, nonce: nonce &+ UInt64(start), keepsFlows: false, &outcomes)
            // What a part has taken lies between what is kept of it, from where it does not go back by itself.
            if part.count < probes.count { ThisProcess.giveBackMemory() }
        }
        return outcomes
    }

    /// The same, with what each connection is known by on the wire, where the packets that open one carry nothing.
    func follow(
        _ probes: [Probe], patience: ProbePatience, nonce: UInt64
    ) throws(SystemError) -> (outcomes: [ProbeOutcome], flows: [TCPFlow: Int]) {
        var outcomes = Packed<ProbeOutcome>()
        let flows = try run(Packed(probes), patience: patience, nonce: nonce, keepsFlows: true, &outcomes)
        return (Array(outcomes), flows)
    }

    private func run(
        _ probes: Packed<Probe>, patience: ProbePatience, nonce: UInt64, keepsFlows: Bool,
        _ outcomes: inout Packed<ProbeOutcome>
    ) throws(SystemError) -> [TCPFlow: Int] {
        if probes.isEmpty { return [:] }
        let work = ProbeWork(probes, among: nodes, patience: patience, nonce: nonce, keepsFlows: keepsFlows)
        let shares = work.shares(forThreads: min(ThisProcess.processorCount, 2), descriptorLimit: descriptorLimit)
        let room = work.connectionDescriptors(ofThreads: shares.count, descriptorLimit: descriptorLimit)
        let opener = self.opener
        var run = try ProbeRun(work, share: shares[0], connectionDescriptors: room)
        // A port that is prescribed is bound before the kernel may choose it for another.
        let goesFirst = shares.count == 1 || work.hasPorts
        if goesFirst { try run.openStations(with: opener) }
        guard shares.count > 1 else {
            try run.complete(with: opener)
            work.note([run.results], in: &outcomes)
            return run.flows
        }
        let further = try RunningThread { () throws(SystemError) in
            var run = try ProbeRun(work, share: shares[1], connectionDescriptors: room)
            try run.openStations(with: opener)
            try run.complete(with: opener)
            return (results: run.results, flows: run.flows)
        }
        let own = Result { () throws(SystemError) in
            if !goesFirst { try run.openStations(with: opener) }
            try run.complete(with: opener)
        }
        let others = further.join()
        try own.get()
        let (results, flows) = try others.get()
        work.note([run.results, results], in: &outcomes)
        return run.flows.merging(flows) { first, _ in first }
    }
}
