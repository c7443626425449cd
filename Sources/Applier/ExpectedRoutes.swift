import NetworkState

/// The part of a ``Verification`` that may be about a hundred thousand: what of routes changes should have left.
struct ExpectedRoutes {
    private var made: [Netns: Table<Route>] = [:]
    private var gone: [Netns: Table<Route>] = [:]

    /// False if `change` is not of a route.
    mutating func note(_ change: Change) -> Bool {
        switch (change.before, change.after) {
        case (_, .route(let route)):
            made[change.netns, default: Table()].insert(route)
            gone[change.netns]?.remove(route.identity)
        case (.route(let route), nil):
            gone[change.netns, default: Table()].insert(route)
            made[change.netns]?.remove(route.identity)
        default: return false
        }
        return true
    }

    /// Those that are not as the changes should have left them, or not as `desired` has them where they are named by a change
    /// or were right `before`.
    func mismatches(
        in present: HostState, from before: HostState, desired: HostState?
    ) -> [(key: ResourcePlace, value: Resource?)] {
        let namespaces = Set(made.keys).union(gone.keys).union(desired?.namespaces.keys.map(\.self) ?? [])
        return namespaces.flatMap { netns in
            let wanted = desired?.namespaces[netns]?.routes ?? Table()
            let found = present.namespaces[netns]?.routes
            let wrong =
                missing(in: found, from: before.namespaces[netns]?.routes, wanted, netns)
                .map { (ResourcePlace(.route($0.identity), in: netns), Resource?.some(.route($0))) }
            return wrong
                + left(in: found, wanted, netns).map { (ResourcePlace(.route($0.identity), in: netns), nil) }
        }
    }

    private func missing(
        in found: Table<Route>?, from before: Table<Route>?, _ wanted: Table<Route>, _ netns: Netns
    ) -> [Route] {
        var (made, gone) = (RouteLookup(made[netns]), RouteLookup(gone[netns]))
        var (present, former, declared) = (RouteLookup(found), RouteLookup(before), RouteLookup(wanted))
        func isToBeThere(_ route: Route) -> Bool {
            made.has(route.identity) || gone.has(route.identity) || former.satisfies(route) ?? false
        }
        let undeclared = (self.made[netns] ?? Table()).unordered.filter { !declared.has($0.identity) }
        return undeclared.filter { present.satisfies($0) != true }
            + wanted.unordered.filter { present.satisfies($0) != true && isToBeThere($0) }
    }

    /// Those that should be gone.
    private func left(in found: Table<Route>?, _ wanted: Table<Route>, _ netns: Netns) -> [Route] {
        var (present, declared) = (RouteLookup(found), RouteLookup(wanted))
        return (gone[netns] ?? Table()).unordered.filter {
            !declared.has($0.identity) && present.has($0.identity)
        }
    }
}
