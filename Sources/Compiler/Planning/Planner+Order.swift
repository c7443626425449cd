import NetworkState

extension Planner {
    /// By phase; within one, in the order of making, or against it where things go. Equal states give equal plans.
    func ordered(_ changes: [(phase: Phase, change: Change)]) -> [Change] {
        changes.sorted { left, right in
            guard left.phase == right.phase else { return left.phase < right.phase }
            switch left.phase {
            case .make, .restore: return isMadeBefore(left.change, right.change)
            case .clear, .remove: return isMadeBefore(right.change, left.change)
            }
        }.map(\.change)
    }

    /// Kind by kind across all namespaces, so that both ends of a wire are there before anything rests on either.
    private func isMadeBefore(_ left: Change, _ right: Change) -> Bool {
        if left.identity.kind != right.identity.kind { return left.identity < right.identity }
        if left.netns != right.netns { return left.netns < right.netns }
        let (leftRank, rightRank) = (rank(left), rank(right))
        return leftRank == rightRank ? left.identity < right.identity : leftRank < rightRank
    }

    /// Bridges before their ports, a pair's making end before the other; routes that need no gateway before those
    /// whose gateway the kernel looks up among them.
    private func rank(_ change: Change) -> Int {
        switch change.resource {
        case .link(let link) where !link.isMadeByItself(in: change.netns): 2
        case .link(let link): link.lowerLinks.isEmpty ? 0 : 1
        case .route(let route): route.nextHop.gateway == nil ? 0 : 1
        default: 0
        }
    }
}
