import NetworkState

/// What of a namespace has to be looked at: all of it, unless it is known which kinds of things one will ask about.
///
/// A kernel has one table of neighbours for all namespaces, and each dump walks the whole of it.
struct ObservationScope {
    private(set) var hasNeighbours = true
    private(set) var routeFamilies = IPAddress.Family.allCases
    private(set) var hasNextHops = true
    private(set) var routeReading = RouteReading.routes

    /// What of routes is wanted.
    enum RouteReading {
        case routes, digest, both
    }

    /// All of it.
    init(_ routeReading: RouteReading = .routes) { self.routeReading = routeReading }

    /// What tells whether `changes` were made, and whether all of `desired` is there.
    init(toVerify changes: [Change], _ desired: HostState?) {
        hasNeighbours =
            changes.contains { if case .neighbour = $0.resource { true } else { false } }
            || desired?.namespaces.values.contains { !$0.neighbours.isEmpty } ?? false
        routeFamilies = IPAddress.Family.allCases.filter { family in
            changes.contains { $0.isOfRoute(family) }
                || desired?.namespaces.values.contains {
                    $0.routes.unordered.contains { $0.destination.family == family }
                }
                    ?? false
        }
        hasNextHops = routeFamilies.contains(.v4) || changes.contains(where: \.isOfNextHop)
    }
}

extension Change {
    fileprivate func isOfRoute(_ family: IPAddress.Family) -> Bool {
        if case .route(let route) = resource { route.destination.family == family } else { false }
    }
}
