package import Applier
import Compiler
import Netlink
package import NetworkState

/// What a lab's kernels have, as the forwarding model takes it.
extension Lab {
    /// Every namespace as it is at present, by its node's name, with everybody's tables of nftables and rules of routing.
    package func observedNamespaces() throws(ApplyError) -> [String: NamespaceState] {
        let planned = topology.plannedNamespaces
        let names = labNames
        var interest = HostState()
        for (node, state) in planned {
            var wanted = NamespaceState()
            wanted.links = state.links
            wanted.ask(ofLinks: state.links.unordered.map(\.name))
            interest.namespaces[.named(names[node] ?? node)] = wanted
        }
        var applier = Applier(HostNamespaces(directory: directory.path))
        var observed = try applier.observe(interest)
        let strangers = observed.namespaces.filter { netns, state in
            state.links.unordered.contains { interest.namespaces[netns]?.links[$0.name] == nil }
        }
        if !strangers.isEmpty {
            for (netns, state) in strangers {
                state.links.unordered.forEach { interest.namespaces[netns]?.links.insert($0) }
                interest.namespaces[netns]?.ask(ofLinks: state.links.unordered.map(\.name))
            }
            observed = try applier.observe(interest)
        }
        let nodes = Dictionary(uniqueKeysWithValues: planned.keys.map { (Netns.named(names[$0] ?? $0), $0) })
        var namespaces: [String: NamespaceState] = [:]
        for (netns, state) in observed.namespaces {
            guard let node = nodes[netns] else { continue }
            namespaces[node] = state
            let links = state.links.unordered.map { $0.naming(peersBy: nodes) }
            namespaces[node]?.links = Table(links)
            namespaces[node]?.tables = Table(try ruleset(of: netns.name ?? node))
            namespaces[node]?.policy = try applier.policyRules(in: netns)
        }
        return namespaces
    }

    /// What containers that somebody else has made are called in the lab's directory.
    private var labNames: [String: String] {
        let containers = topology.hosts.flatMap(\.containers).filter(\.netns.isFile)
        return Dictionary(
            uniqueKeysWithValues: containers.map {
                ($0.name, HostNamespaces.labName(ofFile: $0.netns.name ?? ""))
            })
    }

    /// None where the kernel has no such tables.
    private func ruleset(of name: String) throws(ApplyError) -> [NATTable] {
        let listing = try systems { () throws(SystemError) -> String in
            let namespace = try directory.open(name)
            return (try? Nftables.run("list ruleset", in: namespace).get()) ?? ""
        }
        return NATTable.tables(in: listing)
    }
}

extension NamespaceState {
    /// Has the settings that packets depend on looked at, too.
    fileprivate mutating func ask(ofLinks links: [LinkName]) {
        for key in Self.forwardingSettings(of: links) { sysctls.insert(Sysctl(key, "")) }
    }
}
