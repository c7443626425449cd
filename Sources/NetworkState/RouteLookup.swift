/// Finds one route after the other in a table, for who asks in the order of their identities or nearly so: most are
/// right behind the one before.
///
/// Not generic, as tables of other modules' are not specialised there.
package struct RouteLookup {
    private let routes: Table<Route>
    private var cursor = -1

    package init(_ routes: Table<Route>?) {
        self.routes = routes ?? Table()
    }

    package mutating func has(_ identity: Route.Identity) -> Bool { route(identity) != nil }

    /// Whether `declared` is satisfied by the one that is in its place; nil if there is none.
    package mutating func satisfies(_ declared: Route) -> Bool? {
        route(declared.identity).map(declared.isSatisfied)
    }

    /// As ``Table/place(of:)``.
    package mutating func place(of identity: Route.Identity) -> Int? { routes.place(of: identity, near: &cursor) }

    package mutating func route(_ identity: Route.Identity) -> Route? { routes.element(identity, near: &cursor) }
}

extension NamespaceState {
    /// As ``Table/place(of:)`` of ``routes``, for the same reason.
    package func place(ofRoute identity: Route.Identity) -> Int? { routes.place(of: identity) }
}
