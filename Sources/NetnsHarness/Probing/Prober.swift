package import Netlink
import NetworkState

/// Sends packets from namespace to namespace and tells which were answered.
///
/// One process and one thread with sockets in every namespace: 9,900 pairs take a fraction of a second, where
/// starting a ping(8) for each takes a minute. Several probers may work in the same namespaces at once.
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
        if probes.isEmpty { return [] }
        var run = try ProbeRun(probes, among: nodes, patience: patience, nonce: nonce, descriptorLimit: descriptorLimit)
        try run.openStations(with: opener)
        try run.complete(with: opener)
        return run.outcomes
    }
}
