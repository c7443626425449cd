import Applier
import Compiler
import Netlink
import NetworkState

/// What kernels have at present, as the forwarding model takes it.
struct LiveNamespaces {
    private let namespaces: HostNamespaces
    /// Where each node is.
    private let places: [String: Netns]
    private let planned: [String: NamespaceState]

    /// - `planned`: whose links' settings are looked at, besides those of links that are there.
    init(_ namespaces: HostNamespaces, places: [String: Netns], planned: [String: NamespaceState]) {
        self.namespaces = namespaces
        self.places = places
        self.planned = planned
    }

    /// Every namespace by its node's name, with everybody's tables of nftables. One that is not there is an empty one.
    func observe() throws(ApplyError) -> [String: NamespaceState] {
        let nodes = Dictionary(uniqueKeysWithValues: places.map { ($1, $0) })
        var states = places.mapValues { _ in NamespaceState() }
        for (netns, state) in try observedHost().namespaces {
            guard let node = nodes[netns] else { continue }
            states[node] = state
            states[node]?.links = Table(state.links.unordered.map { $0.naming(peersBy: nodes) })
            states[node]?.tables = Table(try ruleset(of: netns))
        }
        return states
    }

    private func observedHost() throws(ApplyError) -> HostState {
        var interest = HostState()
        for (node, netns) in places {
            let links = planned[node]?.links ?? Table()
            interest.namespaces[netns, default: NamespaceState()].links = links
            interest.namespaces[netns]?.ask(ofLinks: links.unordered.map(\.name))
        }
        var applier = Applier(namespaces)
        let observed = try applier.observe(interest)
        let strangers = observed.namespaces.filter { netns, state in
            state.links.unordered.contains { interest.namespaces[netns]?.links[$0.name] == nil }
        }
        if strangers.isEmpty { return observed }
        for (netns, state) in strangers {
            state.links.unordered.forEach { interest.namespaces[netns]?.links.insert($0) }
            interest.namespaces[netns]?.ask(ofLinks: state.links.unordered.map(\.name))
        }
        return try applier.observe(interest)
    }

    /// None where the kernel has no such tables.
    private func ruleset(of netns: Netns) throws(ApplyError) -> [NATTable] {
        let listing = try systems { () throws(SystemError) -> String in
            let namespace = try namespaces.open(netns)
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

extension HostNamespaces {
    fileprivate func open(_ netns: Netns) throws(SystemError) -> NetworkNamespace {
        if let name = name(of: netns) { return try names.open(name) }
        return try openOwn()
    }
}
