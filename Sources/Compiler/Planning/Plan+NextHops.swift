import NetworkState

extension Plan {
    /// Has routes go by next-hop objects where ``NextHopChoice`` says so: they are made before the first of their routes, and
    /// those that nothing goes by any more go after the last.
    mutating func chooseNextHops(in observed: HostState, allowsObjects: Bool) {
        let goingNamespaces = Set(changes.lazy.filter { $0.before == .netns && $0.after == nil }.map(\.netns))
        let concerned = observed.namespaces.filter { $0.value.nextHops.areKnown && !goingNamespaces.contains($0.key) }
        if concerned.isEmpty { return }
        let routes = placesOfRoutes
        var additions: [Int: [Change]] = [:]
        for (netns, state) in concerned {
            let places = routes[netns] ?? []
            if places.isEmpty && state.nextHops.ours.isEmpty { continue }
            var choice = NextHopChoice(state, changes, at: places, allowsObjects: allowsObjects)
            if choice.isIdle { continue }
            var first: Int?
            for place in places where changes[place].after != nil {
                changes[place] = changes[place].formed(by: &choice)
                if first == nil, changes[place].after?.nextHopObject != nil { first = place }
            }
            if let first { additions[first, default: []] += making(choice.chosen, in: netns, state) }
            additions[places.last.map { $0 + 1 } ?? changes.count, default: []] += choice.idle.map {
                Change(in: netns, from: .nextHop($0), to: nil, reason: "no route goes by it")
            }
        }
        insert(additions.filter { !$0.value.isEmpty })
    }

    /// In each namespace. Changes lie namespace by namespace, so that few names need looking at.
    private var placesOfRoutes: [Netns: [Int]] {
        var places: [Netns: [Int]] = [:]
        var run: (netns: Netns, places: [Int])?
        for (place, change) in changes.enumerated() {
            guard change.isOfRoute else { continue }
            if run?.netns == change.netns {
                run?.places.append(place)
            } else {
                if let run { places[run.netns, default: []] += run.places }
                run = (change.netns, [place])
            }
        }
        if let run { places[run.netns, default: []] += run.places }
        return places
    }

    /// Those that are there already stay, unless they go with a link and come back with it.
    private func making(_ objects: [UInt32: NextHopObject], in netns: Netns, _ state: NamespaceState) -> [Change] {
        let changed = Set(
            changes.lazy.filter { $0.before != nil && $0.netns == netns }.compactMap { change in
                if case .link(let link) = change.before { link.name } else { nil }
            })
        return objects.keys.sorted().compactMap { id in
            guard let object = objects[id] else { return nil }
            let present = state.nextHops.ours[id]
            if present == object && !changed.contains(object.device) { return nil }
            return Change(in: netns, from: present.map(Resource.nextHop), to: .nextHop(object))
        }
    }

    /// Each list before the change that has that place now.
    private mutating func insert(_ additions: [Int: [Change]]) {
        if additions.isEmpty { return }
        var all: [Change] = []
        all.reserveCapacity(changes.count + additions.values.reduce(0) { $0 + $1.count })
        var start = 0
        for (place, added) in additions.sorted(by: { $0.key < $1.key }) {
            all += changes[start..<place] + added
            start = place
        }
        changes = all + changes[start...]
    }
}

extension Change {
    fileprivate var isOfRoute: Bool { if case .route = after ?? before { true } else { false } }

    fileprivate func formed(by choice: inout NextHopChoice) -> Change {
        guard let after else { return self }
        let formed = choice.formed(after)
        if formed.nextHopObject == after.nextHopObject { return self }
        var change = Change(in: netns, from: before, to: formed, reason: reason, source: source)
        change.takes = takes
        return change
    }
}
