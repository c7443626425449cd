package import NetworkState

/// What a topology declares for one host, and where it says so.
package struct Declaration: Sendable {
    package private(set) var state = HostState()
    /// Containers whose namespaces have to be there before anything of ours is.
    package private(set) var workloads: [Workload] = []
    /// How kernels are told of its routes.
    package var nextHops = NetworkModel.NextHops.auto
    /// Nil where nobody will ask. Without routes.
    private var pointers: [Netns: [Resource.Identity: JSONPointer]]?
    /// Of each route of `state`, at its place in the table: a hundred thousand would be a large dictionary.
    private var routePointers: [Netns: [JSONPointer]] = [:]

    package struct Workload: Sendable {
        package let container: String
        package let netns: Netns
        let pointer: JSONPointer
    }

    /// - `isLocated`: whether ``pointer(to:in:)`` is to tell where each resource comes from.
    package init(isLocated: Bool = true) { pointers = isLocated ? [:] : nil }

    package mutating func declare(_ resource: Resource, in netns: Netns = .own, at pointer: JSONPointer) {
        if case .route(let route) = resource {
            declare([Located(value: route, pointer: pointer)], in: netns)
        } else {
            state.insert(resource, in: netns)
            pointers?[netns, default: [:]][resource.identity] = pointer
        }
    }

    mutating func declare(_ resources: [Resource], in netns: Netns = .own, at pointer: JSONPointer) {
        for resource in resources { declare(resource, in: netns, at: pointer) }
    }

    /// Routes, of which there may be one for each of a host's peers.
    mutating func declare(_ routes: [Located<Route>], in netns: Netns = .own) {
        if routes.isEmpty { return }
        var origins = pointers == nil ? nil : routePointers.removeValue(forKey: netns) ?? []
        Self.insert(routes, into: &state.namespaces[netns, default: NamespaceState()].routes, &origins)
        routePointers[netns] = origins
    }

    private static func insert(
        _ routes: [Located<Route>], into table: inout Table<Route>, _ origins: inout [JSONPointer]?
    ) {
        if table.isEmpty, let inOrder = Table(ascending: routes.map(\.value)) {
            (table, origins) = (inOrder, origins.map { _ in routes.map(\.pointer) })
            return
        }
        for route in Self.inOrder(routes) {
            let place = table.insert(route.value)
            if place == origins?.count {
                origins?.append(route.pointer)
            } else {
                origins?[place] = route.pointer
            }
        }
    }

    /// So that tables stay in order. Of two with one identity the later one counts.
    private static func inOrder(_ routes: [Located<Route>]) -> [Located<Route>] {
        if routes.count < 2 { return routes }
        let identities = routes.map(\.value.identity)
        if zip(identities, identities.dropFirst()).allSatisfy({ $0 <= $1 }) { return routes }
        return identities.indices.sorted { (identities[$0], $0) < (identities[$1], $1) }.map { routes[$0] }
    }

    mutating func expect(_ container: String, in netns: Netns, at pointer: JSONPointer) {
        workloads.append(Workload(container: container, netns: netns, pointer: pointer))
    }

    /// Has `link`, which may be another's to declare, stay down, without what the kernel keeps on links that are up alone.
    package mutating func leaveDown(_ link: LinkName, in netns: Netns) {
        if case .link(var declared)? = state[netns, .link(link)] {
            declared.isUp = false
            state.insert(.link(declared), in: netns)
        }
        for resource in state.namespaces[netns]?.resources ?? [] where resource.needsToBeUp(link) {
            remove(resource.identity, in: netns)
        }
    }

    private mutating func remove(_ identity: Resource.Identity, in netns: Netns) {
        if case .route(let route) = identity, let place = state.namespaces[netns]?.place(ofRoute: route),
            let last = routePointers[netns]?.popLast(), place < routePointers[netns]?.count ?? 0
        {
            // As the table does.
            routePointers[netns]?[place] = last
        }
        state.remove(identity, in: netns)
    }

    /// Where the topology says so, or nil for what is not declared.
    package func pointer(to identity: Resource.Identity, in netns: Netns) -> JSONPointer? {
        guard case .route(let route) = identity else { return pointers?[netns]?[identity] }
        guard let origins = routePointers[netns] else { return nil }
        return state.namespaces[netns]?.place(ofRoute: route).map { origins[$0] }
    }

    /// ``pointer(to:in:)`` of each, in the order of their identities or nearly so, namespace by namespace.
    func pointers(to identities: some Sequence<(Resource.Identity, Netns)>) -> [JSONPointer?] {
        var (netnsOfRoutes, routes, origins): (Netns?, RouteLookup, [JSONPointer]) = (nil, RouteLookup(nil), [])
        return identities.map { identity, netns in
            guard case .route(let route) = identity else { return pointer(to: identity, in: netns) }
            if netnsOfRoutes != netns {
                netnsOfRoutes = netns
                (routes, origins) = (RouteLookup(state.namespaces[netns]?.routes), routePointers[netns] ?? [])
            }
            return origins.isEmpty ? nil : routes.place(of: route).map { origins[$0] }
        }
    }

    /// All that ``pointer(to:in:)`` can be.
    var allPointers: Set<JSONPointer> {
        var (all, last): (Set<JSONPointer>, JSONPointer?) = ([], nil)
        let places = [(pointers ?? [:]).values.flatMap(\.values)] + routePointers.values
        for pointer in places.joined() where pointer != last {
            all.insert(pointer)
            last = pointer
        }
        return all
    }

    /// What it says of these alone.
    func limited(to places: some Sequence<ResourcePlace>) -> Declaration {
        places.reduce(into: Declaration()) { part, place in
            guard let resource = state[place.netns, place.identity] else { return }
            part.declare(resource, in: place.netns, at: pointer(to: place.identity, in: place.netns) ?? .root)
        }
    }
}

extension Resource {
    /// Whether it goes when `link` is set down (`fib_netdev_event`, `addrconf_ifdown` and `neigh_ifdown` in the kernel's net/).
    fileprivate func needsToBeUp(_ link: LinkName) -> Bool {
        switch self {
        case .route, .neighbour: devices.contains(link)
        case .address(let address): address.device == link && address.prefix.family == .v6
        case .netns, .link, .sysctl, .fdb, .table, .nextHop: false
        }
    }
}
