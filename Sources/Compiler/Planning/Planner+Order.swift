import NetworkState

extension Planner {
    /// What a change's place depends on. Changes themselves are large, and dear to move about.
    private struct SortKey {
        let phase: Phase
        let netns: Netns
        let identity: Resource.Identity
        let rank: Int

        /// Kind by kind across all namespaces, so that both ends of a wire are there before anything rests on either.
        func isMade(before other: SortKey) -> Bool {
            if identity.order != other.identity.order { return identity.order < other.identity.order }
            if netns != other.netns { return netns < other.netns }
            return rank == other.rank ? identity < other.identity : rank < other.rank
        }
    }

    /// By phase; within one, in the order of making, or against it where things go. Equal states give equal plans.
    func ordered(_ steps: [Step]) -> [Step] {
        let keys = steps.map { step in
            SortKey(
                phase: step.phase, netns: step.netns, identity: step.identity,
                rank: step.resource?.rankOfMaking(in: step.netns) ?? 0)
        }
        let order = keys.indices.sorted { left, right in
            let (left, right) = (keys[left], keys[right])
            guard left.phase == right.phase else { return left.phase < right.phase }
            switch left.phase {
            case .make, .restore: return left.isMade(before: right)
            case .clear, .remove: return right.isMade(before: left)
            }
        }
        return order.map { steps[$0] }
    }
}

extension Resource {
    /// Bridges before their ports, a pair's making end before the other; routes that need no gateway before those
    /// whose gateway the kernel looks up among them.
    func rankOfMaking(in netns: Netns) -> Int {
        switch self {
        case .link(let link) where !link.isMadeByItself(in: netns): 2
        case .link(let link): link.lowerLinks.isEmpty ? 0 : 1
        case .route(let route): route.nextHop.gateway == nil ? 0 : 1
        default: 0
        }
    }
}
