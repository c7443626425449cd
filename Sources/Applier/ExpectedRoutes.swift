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
            let found = present.namespaces[netns]?.routes ?? Table()
            let wrong =
                missing(in: found, from: before.namespaces[netns]?.routes ?? Table(), wanted, netns)
                .map { (ResourcePlace(.route($0.identity), in: netns), Resource?.some(.route($0))) }
            return wrong
                + (gone[netns] ?? Table()).unordered
                .filter { wanted[$0.identity] == nil && found[$0.identity] != nil }
                .map { (ResourcePlace(.route($0.identity), in: netns), nil) }
        }
    }

    private func missing(
        in found: Table<Route>, from before: Table<Route>, _ wanted: Table<Route>, _ netns: Netns
    ) -> [Route] {
        let (made, gone) = (made[netns] ?? Table(), gone[netns] ?? Table())
        func isMissing(_ route: Route) -> Bool { found[route.identity].map { !route.isSatisfied(by: $0) } ?? true }
        func isToBeThere(_ route: Route) -> Bool {
            made[route.identity] != nil || gone[route.identity] != nil
                || before[route.identity].map(route.isSatisfied) ?? false
        }
        return made.unordered.filter { wanted[$0.identity] == nil && isMissing($0) }
            + wanted.unordered.filter { isMissing($0) && isToBeThere($0) }
    }
}
