import NetworkState

extension Planner {
    /// The links that must go before anything new is made, both ends of each pair: those of ours whose name is
    /// declared for something that they cannot be turned into, those whose far end's name is declared anew, and those that
    /// would keep a setting or an attribute which is declared no longer and which nobody knows the kernel's own value of.
    ///
    /// Where foreign links give way, so do those whose name is declared for something else.
    static func doomedLinks(
        declared: HostState, observed: HostState, known: Ledger, takesOver: Bool
    ) -> Set<Link.Peer> {
        var doomed: Set<Link.Peer> = []
        for (netns, state) in observed.namespaces {
            let kept = linksKeepingSettings(in: netns, declared, observed, known)
            for link in state.links.unordered {
                let isOurs = known.entries[netns, .link(link.name)] != nil
                guard isOurs || (takesOver && link.canBeMadeAgain && !link.isMadeByKernel) else { continue }
                let successor = declared.namespaces[netns]?.links[link.name]
                let isInTheWay =
                    successor.map { !$0.isReachable(from: link) || (isOurs && kept.contains(link.name)) }
                    ?? link.peer.map { isOurs && declared.namespaces[$0.netns]?.links[$0.name] != nil } ?? false
                guard isInTheWay else { continue }
                doomed.insert(Link.Peer(netns: netns, name: link.name))
                if let peer = link.peer { doomed.insert(peer) }
            }
        }
        return withLinks(on: doomed, observed, known)
    }

    /// Ports lose their bridge, and tunnels go with what they send over.
    private static func withLinks(
        on doomed: Set<Link.Peer>, _ observed: HostState, _ known: Ledger
    ) -> Set<Link.Peer> {
        var all = doomed
        if doomed.isEmpty { return all }
        for (netns, state) in observed.namespaces {
            for link in state.links.unordered where known.entries[netns, .link(link.name)] != nil {
                let isOnDoomed = link.lowerLinks.contains { doomed.contains(Link.Peer(netns: netns, name: $0)) }
                guard isOnDoomed else { continue }
                all.insert(Link.Peer(netns: netns, name: link.name))
                if let peer = link.peer { all.insert(peer) }
            }
        }
        return all.count == doomed.count ? all : withLinks(on: all, observed, known)
    }

    /// A new namespace does not show all defaults: not those of neighbours (`neigh_sysctl_register` in
    /// net/core/neighbour.c).
    private static func linksKeepingSettings(
        in netns: Netns, _ declared: HostState, _ observed: HostState, _ known: Ledger
    ) -> Set<LinkName> {
        let orphans = (known.entries.namespaces[netns]?.sysctls.sorted ?? []).filter { sysctl in
            declared[netns, .sysctl(sysctl.key)] == nil
                && (known.former[netns, .sysctl(sysctl.key)] == nil || known.hasReplaced(sysctl.device, in: netns))
                && sysctl.origin.map { observed[netns, .sysctl($0)] == nil } ?? false
        }
        let links = known.entries.namespaces[netns]?.links.sorted ?? []
        let keeping = links.filter { entry in
            guard let successor = declared.namespaces[netns]?.links[entry.name] else { return false }
            return !entry.asMade.covers(entry.without(successor))
        }
        return Set(orphans.compactMap(\.device) + keeping.map(\.name)).filter {
            known.former[netns, .link($0)] == nil || known.hasReplaced($0, in: netns)
        }
    }

    /// Whether `present` is a doomed link, or goes with one.
    func isDoomed(_ present: Resource, in netns: Netns) -> Bool {
        if doomed.isEmpty { return false }
        if case .link(let link) = present { return doomed.contains(Link.Peer(netns: netns, name: link.name)) }
        return present.devices.contains { doomed.contains(Link.Peer(netns: netns, name: $0)) }
    }

    mutating func blockForeignOnDoomed() {
        for end in doomed.sorted(by: { ($0.netns, $0.name) < ($1.netns, $1.name) }) {
            if let link = observed.namespaces[end.netns]?.links[end.name] {
                blockForeignDependents(of: link, in: end.netns)
            }
        }
    }

    /// What somebody else put on a link of ours would go with it: that is theirs to decide.
    mutating func blockForeignDependents(of link: Link, in netns: Netns) {
        block(foreignResources(in: netns).filter { $0.devices.contains(link.name) }, by: "link \(link.name)", in: netns)
    }

    /// The same of an address that must go for a moment. With a link's last address go all its routes
    /// (`fib_disable_ip` in net/ipv4/fib_frontend.c), with a prefix's first one the others of that prefix.
    mutating func blockForeignNeighbours(of address: Address, in netns: Netns) {
        let others = foreignResources(in: netns).filter {
            $0.devices.contains(address.device) && $0.identity.kind != "link" && $0 != .address(address)
        }
        block(others, by: "address \(address.prefix)", in: netns)
    }

    /// The same for a whole namespace.
    mutating func blockForeign(in netns: Netns) {
        block(foreignResources(in: netns), by: "namespace \(netns.name ?? "")", in: netns)
    }

    private mutating func block(_ resources: [Resource], by doomed: String, in netns: Netns) {
        for resource in resources {
            let isNoted = obstacles.contains { $0.netns == netns && $0.held == resource }
            if isNoted { continue }
            obstacles.append(
                Obstacle(
                    netns: netns, held: resource,
                    reason: "is not weft's, and would go with \(doomed): remove it first", declared: nil))
        }
    }

    /// The links, addresses and routes that neither weft nor the kernel by itself has made, and what somebody has entered
    /// by hand in the tables of a link of their own.
    private func foreignResources(in netns: Netns) -> [Resource] {
        guard let state = observed.namespaces[netns] else { return [] }
        let candidates =
            state.links.sorted.filter { !$0.isMadeByKernel }.map(Resource.link)
            + state.addresses.sorted.filter { !$0.isMadeByKernel }.map(Resource.address)
            + state.neighbours.sorted.filter { $0.state == .permanent && isForeign($0.device, in: netns) }
            .map(Resource.neighbour)
            + state.fdb.sorted.filter { isForeign($0.device, in: netns) }.map(Resource.fdb)
            + state.routes.sorted.filter { !$0.isMadeByKernel }.map(Resource.route)
        return candidates.filter { known.entries[netns, $0.identity] == nil }
    }

    private func isForeign(_ link: LinkName, in netns: Netns) -> Bool { known.entries[netns, .link(link)] == nil }
}
