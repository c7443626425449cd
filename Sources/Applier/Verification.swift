import NetworkState

/// Compares what a kernel has with what it should have by now.
enum Verification {
    /// What is not as `changes` should have left it, or not as `desired` has it.
    ///
    /// All of `desired`, because a change may take with it what it does not name: an address, its link's routes. But what
    /// was otherwise already `before`, and no change was to mend, is not for these changes to answer for: a saved plan may
    /// be carried out on a host where something else is amiss by now.
    static func mismatches(
        in present: HostState, after changes: [Change], from before: HostState, desired: HostState?
    ) -> [ApplyError.Mismatch] {
        var expected: [ResourcePlace: Resource?] = [:]
        var routes = ExpectedRoutes()
        for change in changes where change.leavesTrace && !routes.note(change) {
            expected.updateValue(change.after, forKey: change.place)
        }
        for (netns, state) in desired?.sortedNamespaces ?? [] {
            expected.updateValue(.netns, forKey: ResourcePlace(.netns, in: netns))
            for resource in state.resourcesButRoutes {
                let place = ResourcePlace(resource.identity, in: netns)
                let wasRight = before[netns, resource.identity].map(resource.isSatisfied) ?? false
                if wasRight || expected[place] != nil { expected.updateValue(resource, forKey: place) }
            }
        }
        let wrong = expected.filter { key, resource in
            !isAsExpected(resource, present[key.netns, key.identity])
        }
        let wrongRoutes = routes.mismatches(in: present, from: before, desired: desired)
        return (wrong + wrongRoutes).sorted { $0.key < $1.key }.map { key, resource in
            ApplyError.Mismatch(
                netns: key.netns, identity: key.identity, expected: resource,
                found: present[key.netns, key.identity]
            )
        }
    }

    private static func isAsExpected(_ expected: Resource?, _ found: Resource?) -> Bool {
        guard let found else { return expected == nil }
        return expected?.isSatisfied(by: found) ?? found.isFleeting
    }
}

extension Change {
    /// Whether a dump can tell that it was made: a setting or a device that is no longer declared stays where it is.
    fileprivate var leavesTrace: Bool {
        switch (before, after) {
        case (.sysctl, nil): false
        case (.link(let link), nil): link.isSoftware
        default: true
        }
    }
}

extension Resource {
    /// What the kernel learns by itself and forgets again: a neighbour entry that nobody made permanent.
    var isFleeting: Bool {
        if case .neighbour(let neighbour) = self { neighbour.state == .dynamic } else { false }
    }
}
