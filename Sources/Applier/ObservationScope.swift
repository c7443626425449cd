import NetworkState

/// What of a namespace has to be looked at: all of it, unless it is known which kinds of things one will ask about.
///
/// A kernel has one table of neighbours for all namespaces, and each dump walks the whole of it.
struct ObservationScope {
    private(set) var hasNeighbours = true
    private(set) var routeFamilies = IPAddress.Family.allCases

    /// All of it.
    init() {}

    /// What tells whether `changes` were made, and whether all of `desired` is there.
    init(toVerify changes: [Change], _ desired: HostState?) {
        hasNeighbours =
            changes.contains { $0.identity.kind == "neighbour" }
            || desired?.namespaces.values.contains { !$0.neighbours.isEmpty } ?? false
        let routes =
            changes.compactMap { change -> IPAddress.Family? in
                if case .route(let route) = change.resource { route.destination.family } else { nil }
            } + (desired?.namespaces.values.flatMap { $0.routes.unordered.map(\.destination.family) } ?? [])
        routeFamilies = IPAddress.Family.allCases.filter(Set(routes).contains)
    }
}
