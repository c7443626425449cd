import NetworkState

extension Ledger {
    /// What can be known to be ours without a ledger, by the marks that the kernel keeps: a link's alias, what is on
    /// such a link, and a route's protocol.
    ///
    /// Without a single marked link nothing was ever applied here, and nothing is ours.
    init(recovering declared: HostState, from observed: HostState, topology: String, host: String) {
        self.init(topology: topology, host: host)
        let mark = Self.mark(topology: topology, host: host)
        guard observed.namespaces.values.contains(where: { $0.hasLink(marked: mark) }) else { return }
        for (netns, state) in observed.namespaces {
            let marked = Set(state.links.unordered.filter { $0.alias == mark }.map(\.name))
            for resource in state.resources {
                let wanted = declared[netns, resource.identity]
                let isDeclared = wanted?.isSatisfied(by: resource) == true
                if isOurs(resource, marked) || (isDeclared && !resource.isSetting) {
                    entries.insert(resource.asDeclared(by: wanted), in: netns)
                }
            }
        }
    }

    private func isOurs(_ resource: Resource, _ marked: Set<LinkName>) -> Bool {
        switch resource {
        case .link(let link): marked.contains(link.name)
        case .address(let address): marked.contains(address.device) && !address.prefix.address.isLinkLocal
        case .route(let route): route.protocol == .weft
        case .fdb(let entry): marked.contains(entry.device)
        case .table(let table): table.name == NATTable.name(ofTopology: topology)
        case .netns, .sysctl, .neighbour, .nextHop: false
        }
    }
}

extension NamespaceState {
    fileprivate func hasLink(marked mark: String) -> Bool {
        links.unordered.contains { $0.alias == mark }
    }
}

extension Resource {
    /// `wanted`, if this is a link that can become that: of the attributes that nobody declares it is not known that we
    /// have given them to it.
    fileprivate func asDeclared(by wanted: Resource?) -> Resource {
        guard case .link = self, let wanted, wanted.isReachable(from: self) else { return self }
        return wanted
    }

    /// What was there before us in some form, so that its present form proves nothing.
    fileprivate var isSetting: Bool {
        switch self {
        case .sysctl: true
        case .link(let link): link.isMadeByKernel
        case .netns, .address, .neighbour, .fdb, .table, .nextHop, .route: false
        }
    }
}
