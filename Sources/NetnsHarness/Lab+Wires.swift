package import Applier
package import Compiler
import Netlink
package import NetworkState

/// What happens to a lab's wires.
extension Lab {
    var linksDown: LinksDown { LinksDown(stateDirectory: stateDirectory) }

    /// `ip link set dev NAME down`, until ``setUp(_:keptByAgents:)``, whatever is applied meanwhile.
    package func setDown(_ end: WireEnd) throws(ApplyError) {
        try linksDown.inTurn { () throws(ApplyError) in try set(end, isUp: false) }
    }

    /// `ip link set dev NAME up`, and back comes what the kernel took away with the link: routes, neighbours, addresses of
    /// IPv6. A machine's own are its administrator's to put back, and a host's others weft's.
    ///
    /// - `keptByAgents`: hosts whose agents will see to it.
    package func setUp(_ end: WireEnd, keptByAgents kept: Set<String> = []) throws(ApplyError) {
        try linksDown.inTurn { () throws(ApplyError) in
            try set(end, isUp: true)
            try bringBack(around: end.node, besides: kept)
        }
    }

    /// No run that plans for the link is under way meanwhile: it would know one half of the change, and undo the other.
    private func set(_ end: WireEnd, isUp: Bool) throws(ApplyError) {
        let hosts = hosts(around: end.node).map {
            managedHost(topology.hosts[$0].name, lockTimeout: .seconds(10)).ledger
        }
        try Self.holding([managedPart("underlay", isNew: false).ledger] + hosts) { () throws(ApplyError) in
            let (down, changed) = (try linksDown.ends(), [LinksDown.End(end)])
            try linksDown.write(isUp ? down.subtracting(changed) : down.union(changed))
            var applier = applierOfNodes
            try applier.set(end.link, in: .named(end.node), isUp: isUp)
        }
    }

    private static func holding(
        _ ledgers: [LedgerFile], _ body: () throws(ApplyError) -> Void
    ) throws(ApplyError) {
        guard let first = ledgers.first else { return try body() }
        let lock = try first.lock()
        try holding(Array(ledgers.dropFirst()), body)
        extendLifetime(lock)
    }

    private func bringBack(around node: String, besides kept: Set<String>) throws(ApplyError) {
        let ledgers = try ledgers()
        try wire(besides: ledgers) { _ in }
        for index in hosts(around: node) {
            let name = topology.hosts[index].name
            guard ledgers[name] != nil, !kept.contains(name) else { continue }
            // Its agent may be about to do the same.
            var managed = managedHost(name, lockTimeout: .seconds(10))
            try managed.converge(to: CompiledHost(topology, host: index, source: source))
        }
    }

    /// The one that has `node`, or is it: none for a router, a server or a switch.
    private func hosts(around node: String) -> [Int] {
        topology.hosts.indices.filter { index in
            let host = topology.hosts[index]
            return host.name == node || host.containers.contains { $0.name == node }
        }
    }

    /// Has packets suffer on a wire, each way, instead of whatever they have suffered there.
    package func impair(_ wire: Wire, _ impairment: Impairment) throws(ApplyError) {
        let means = try ImpairmentMeans.found(for: impairment)
        var applier = applierOfNodes
        do throws(ApplyError) {
            for end in wire.ends { try applier.impair(end.link, in: .named(end.node), impairment, by: means) }
        } catch {
            // Half of it would be worse than none.
            try? clearImpairment(of: wire)
            throw error
        }
    }

    package func clearImpairment(of wire: Wire) throws(ApplyError) {
        var applier = applierOfNodes
        for end in wire.ends { try applier.clearImpairment(of: end.link, in: .named(end.node)) }
    }

    /// What leaves the lab and comes back has new links, which are up.
    func forgetLinksDown() throws(ApplyError) {
        if try linksDown.ends().isEmpty { return }
        let present = Set(topology.wires.flatMap(\.ends).map(LinksDown.End.init))
        try linksDown.inTurn { () throws(ApplyError) in
            try linksDown.write(linksDown.ends().intersection(present))
        }
    }

    /// Knows every node by its name.
    private var applierOfNodes: Applier { Applier(HostNamespaces(directory: directory.path)) }
}
