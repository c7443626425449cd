package import NetworkState

extension ValidTopology {
    /// Every namespace as it should be once all hosts are as declared, by its node's name: hosts, containers, routers, servers
    /// and switches.
    package var plannedNamespaces: [String: NamespaceState] {
        var namespaces: [String: NamespaceState] = [:]
        for (netns, state) in underlayDeclaration().state.namespaces {
            if let name = netns.name { namespaces[name] = state }
        }
        for (index, host) in hosts.enumerated() {
            let names = nodeNames(of: host)
            for (netns, state) in declaration(forHost: index).state.namespaces {
                guard let name = names[netns] else { continue }
                namespaces[name, default: NamespaceState()].add(state, naming: names)
            }
        }
        for name in namespaces.keys { namespaces[name]?.addConnectedRoutes() }
        return namespaces
    }

    /// What nodes the namespaces are that `host` knows.
    package func nodeNames(of host: Host) -> [Netns: String] {
        Dictionary(uniqueKeysWithValues: [(.own, host.name)] + host.containers.map { ($0.netns, $0.name) })
    }

    /// All of it, as planned.
    package var plannedNetwork: ForwardingNetwork { network(of: plannedNamespaces) }

    /// This topology's nodes, with states of any origin.
    package func network(of namespaces: [String: NamespaceState]) -> ForwardingNetwork {
        ForwardingNetwork(namespaces, switches: Set(segments.map(\.name)), overlays: overlays)
    }

    private var overlays: [String: UDPOverlay] {
        guard model.encapsulation == .udp else { return [:] }
        return Dictionary(
            uniqueKeysWithValues: hosts.indices.compactMap { index in
                let host = hosts[index]
                guard !host.blocks.isEmpty, let overlay = udpOverlay(forHost: index) else { return nil }
                return (host.name, overlay)
            })
    }
}

extension NamespaceState {
    /// Adds what a host declares for it, or puts it in the place of what is there.
    fileprivate mutating func add(_ other: NamespaceState, naming names: [Netns: String]) {
        for link in other.links.unordered { links.insert(link.naming(peersBy: names)) }
        for sysctl in other.sysctls.unordered { sysctls.insert(sysctl) }
        for address in other.addresses.unordered { addresses.insert(address) }
        for neighbour in other.neighbours.unordered { neighbours.insert(neighbour) }
        for entry in other.fdb.unordered { fdb.insert(entry) }
        for table in other.tables.unordered { tables.insert(table) }
        for route in other.routes.unordered { routes.insert(route) }
    }

    /// What the kernel adds to addresses on links that are up (`fib_add_ifaddr` in net/ipv4/fib_frontend.c,
    /// `addrconf_prefix_route` in net/ipv6/addrconf.c).
    fileprivate mutating func addConnectedRoutes() {
        for address in addresses.sorted where links[address.device]?.isUp == true {
            if let route = address.connectedRoute, routes[route.identity] == nil { routes.insert(route) }
        }
    }
}

extension Address {
    /// Nil where the prefix is the address alone, and of link-local addresses: every link has that route.
    fileprivate var connectedRoute: Route? {
        if prefix.isHost || scope == .link { return nil }
        return prefix.family == .v4
            ? Route(prefix.network, device: device, scope: .link, protocol: .kernel, preferredSource: prefix.address)
            : Route(prefix.network, device: device, protocol: .kernel, metric: 256)
    }
}

extension Link {
    /// The same, with the other end of a veth pair where a node is called by its name.
    package func naming(peersBy names: [Netns: String]) -> Link {
        guard let peer, let name = names[peer.netns] else { return self }
        var link = self
        link.kind = .veth(peer: Peer(netns: .named(name), name: peer.name))
        return link
    }
}
