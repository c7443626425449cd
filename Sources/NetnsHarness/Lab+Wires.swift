package import Applier
package import Compiler
import Netlink
package import NetworkState

/// What happens to a lab's wires.
extension Lab {
    var linksDown: LinksDown { LinksDown(stateDirectory: stateDirectory) }

    /// `ip link set dev NAME down`, until ``setUp(_:keptByAgents:)``, whatever is applied meanwhile.
    package func setDown(_ end: WireEnd) throws(ApplyError) {
        try linksDown.inTurn { () throws(ApplyError) in
            try linksDown.write(linksDown.ends().union([LinksDown.End(end)]))
            var applier = applierOfNodes
            try applier.set(end.link, in: .named(end.node), isUp: false)
        }
    }

    /// `ip link set dev NAME up`, and back comes what the kernel took away with the link: routes, neighbours, addresses of
    /// IPv6. A machine's own are its administrator's to put back, and a host's others weft's.
    ///
    /// - `keptByAgents`: hosts whose agents will see to it.
    package func setUp(_ end: WireEnd, keptByAgents kept: Set<String> = []) throws(ApplyError) {
        try linksDown.inTurn { () throws(ApplyError) in
            try linksDown.write(linksDown.ends().subtracting([LinksDown.End(end)]))
            var applier = applierOfNodes
            try applier.set(end.link, in: .named(end.node), isUp: true)
            try bringBack(around: end.node, besides: kept)
        }
    }

    private func bringBack(around node: String, besides kept: Set<String>) throws(ApplyError) {
        let ledgers = try ledgers()
        try wire(besides: ledgers) { _ in }
        for (index, host) in topology.hosts.enumerated() where ledgers[host.name] != nil && !kept.contains(host.name) {
            guard host.name == node || host.containers.contains(where: { $0.name == node }) else { continue }
            // Its agent may be about to do the same.
            var managed = managedHost(host.name, lockTimeout: .seconds(10))
            try managed.converge(to: CompiledHost(topology, host: index, source: source))
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
