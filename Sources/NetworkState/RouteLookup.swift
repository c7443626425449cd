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

    package mutating func has(_ identity: Route.Identity) -> Bool { place(of: identity) != nil }

    /// Whether `declared` is satisfied by the one that is in its place; nil if there is none.
    package mutating func satisfies(_ declared: Route) -> Bool? {
        place(of: declared.identity).map { declared.isSatisfied(by: routes.elements[$0]) }
    }

    package mutating func route(_ identity: Route.Identity) -> Route? {
        place(of: identity).map { routes.elements[$0] }
    }

    private mutating func place(of identity: Route.Identity) -> Int? {
        if cursor + 1 < routes.elements.count, routes.elements[cursor + 1].identity == identity {
            cursor += 1
            return cursor
        }
        guard let place = routes.place(of: identity) else { return nil }
        cursor = place
        return place
    }
}
