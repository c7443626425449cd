package import NetworkState

extension ValidTopology {
    /// Every namespace as it should be once all hosts are as declared, by its node's name: hosts, containers, routers, servers
    /// and switches.
    package var plannedNamespaces: [String: NamespaceState] {
        var namespaces = plannedUnderlay
        for index in hosts.indices {
            for (name, state) in plannedNamespaces(ofHost: index, on: namespaces[hosts[index].name]) {
                namespaces[name] = state
            }
        }
        return namespaces
    }

    /// Without what hosts declare.
    var plannedUnderlay: [String: NamespaceState] {
        var namespaces: [String: NamespaceState] = [:]
        for (netns, state) in underlayDeclaration().state.namespaces {
            guard let name = netns.name else { continue }
            namespaces[name] = state
            namespaces[name]?.addConnectedRoutes()
        }
        return namespaces
    }

    /// A host's own namespace, and its containers' in the file's order.
    ///
    /// - `underlay`: what the host is without weft.
    /// - `declared`: what the host is to have, if that is known already.
    func plannedNamespaces(
        ofHost index: Int, on underlay: NamespaceState?, declared: consuming HostState? = nil
    ) -> [(name: String, state: NamespaceState)] {
        let host = hosts[index]
        let names = nodeNames(of: host)
        // Each is taken out, so that what is changed has no copy that would have to be kept as it is.
        var namespaces = (declared ?? declaration(forHost: index, isLocated: false).state).namespaces
        return ([(Netns.own, host.name)] + host.containers.map { ($0.netns, $0.name) }).map { netns, name in
            var state = namespaces.removeValue(forKey: netns) ?? NamespaceState()
            state.namePeers(by: names)
            if netns == .own, let underlay { state.addMissing(from: underlay) }
            state.addConnectedRoutes()
            return (name, state)
        }
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

    /// By their hosts' names.
    var overlays: [String: UDPOverlay] {
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
    /// What is there without weft, unless the host declares it otherwise.
    fileprivate mutating func addMissing(from underlay: NamespaceState) {
        for link in underlay.links.unordered where links[link.identity] == nil { links.insert(link) }
        for sysctl in underlay.sysctls.unordered where sysctls[sysctl.identity] == nil { sysctls.insert(sysctl) }
        for address in underlay.addresses.unordered where addresses[address.identity] == nil {
            addresses.insert(address)
        }
        for route in underlay.routes.unordered where routes[route.identity] == nil { routes.insert(route) }
    }

    fileprivate mutating func namePeers(by names: [Netns: String]) {
        let paired = links.unordered.filter { $0.peer != nil }
        for link in paired { links.insert(link.naming(peersBy: names)) }
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
