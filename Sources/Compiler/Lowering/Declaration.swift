package import NetworkState

/// What a topology declares for one host, and where it says so.
package struct Declaration: Sendable {
    package private(set) var state = HostState()
    /// Containers whose namespaces have to be there before anything of ours is.
    package private(set) var workloads: [Workload] = []
    /// Nil where nobody will ask.
    private var pointers: [Netns: [Resource.Identity: JSONPointer]]?

    package struct Workload: Sendable {
        package let container: String
        package let netns: Netns
        let pointer: JSONPointer
    }

    /// - `isLocated`: whether ``pointer(to:in:)`` is to tell where each resource comes from.
    package init(isLocated: Bool = true) { pointers = isLocated ? [:] : nil }

    package mutating func declare(_ resource: Resource, in netns: Netns = .own, at pointer: JSONPointer) {
        state.insert(resource, in: netns)
        pointers?[netns, default: [:]][resource.identity] = pointer
    }

    /// The same of several in one place: the namespace is looked up once.
    mutating func declare(_ resources: [Resource], in netns: Netns = .own, at pointer: JSONPointer) {
        Self.insert(resources, into: &state.namespaces[netns, default: NamespaceState()])
        guard pointers != nil else { return }
        for resource in resources { pointers?[netns, default: [:]][resource.identity] = pointer }
    }

    /// Routes of the host's own, of which there may be one for each of its peers.
    mutating func declare(_ routes: [Located<Route>]) {
        if routes.isEmpty { return }
        Self.insert(routes, into: &state.namespaces[.own, default: NamespaceState()].routes)
        guard pointers != nil else { return }
        for route in routes { pointers?[.own, default: [:]][.route(route.value.identity)] = route.pointer }
    }

    private static func insert(_ resources: [Resource], into namespace: inout NamespaceState) {
        for resource in resources { namespace.insert(resource) }
    }

    private static func insert(_ routes: [Located<Route>], into table: inout Table<Route>) {
        for route in routes { table.insert(route.value) }
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
            state.remove(resource.identity, in: netns)
        }
    }

    /// Where the topology says so, or nil for what is not declared.
    package func pointer(to identity: Resource.Identity, in netns: Netns) -> JSONPointer? {
        pointers?[netns]?[identity]
    }

    /// All that ``pointer(to:in:)`` can be.
    var allPointers: Set<JSONPointer> {
        var (all, last): (Set<JSONPointer>, JSONPointer?) = ([], nil)
        for pointer in (pointers ?? [:]).values.lazy.flatMap(\.values) where pointer != last {
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
