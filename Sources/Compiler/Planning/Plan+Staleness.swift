package import NetworkState

extension Plan {
    /// In what `observed` and its `witness` are no longer as they were when the plan was made, as far as the plan touches
    /// or takes it.
    package func staleness(in observed: HostState, ledger: Ledger?, witness present: Witness) -> [Staleness] {
        if let boot = witness?.boot, present.boot != boot { return [.booted] }
        let replaced = replacedNamespaces(present)
        let resources = staleResources(in: observed).filter { !replaced.contains($0.place.netns) }
        let named = Set(resources.map(\.place))
        let links = staleLinks(present).filter { !named.contains($0.place) && !replaced.contains($0.place.netns) }
        let forgotten = witness != nil && witness?.ledger != present.ledger
        return replaced.sorted().map(Staleness.netns) + links.map(\.staleness) + resources.map(\.staleness)
            + (newCasualties(in: observed, ledger) + newUsers(in: observed)).filter { _ in replaced.isEmpty }
            + (forgotten ? [.ledger] : [])
    }

    private typealias Finding = (place: ResourcePlace, staleness: Staleness)

    private func replacedNamespaces(_ present: Witness) -> Set<Netns> {
        let namespaces = witness?.namespaces ?? [:]
        // One that is gone is told as the change, or the link, that it was to have.
        return Set(
            namespaces.filter { netns, former in
                present.namespaces[netns].map { !$0.isSameNamespace(as: former) } ?? false
            }.keys)
    }

    /// The links that are others by now, or are gone; what a change starts from tells the latter as well, and more.
    private func staleLinks(_ present: Witness) -> [Finding] {
        let namespaces = (witness?.namespaces ?? [:]).sorted { $0.key < $1.key }
        return namespaces.flatMap { netns, former in
            former.links.sorted { $0.key < $1.key }.compactMap { name, number in
                let now = present.namespaces[netns]?.links[name]
                let place = ResourcePlace(.link(name), in: netns)
                return now == number ? nil : (place, .link(netns, name, was: number, is: now))
            }
        }
    }

    private func staleResources(in observed: HostState) -> [Finding] {
        var seen: Set<ResourcePlace> = []
        let written = Set(changes.map(\.place))
        return changes.compactMap { change in
            // Only the first change to a thing starts from what is there; the next starts from what that one left.
            guard seen.insert(change.place).inserted else { return nil }
            if case .sysctl(let sysctl) = change.resource, let sweeper = sysctl.sweeper,
                written.contains(ResourcePlace(.sysctl(sweeper), in: change.netns))
            {
                return nil
            }
            let present = observed[change.netns, change.identity]
            // The kernel removes no route that goes by a next-hop object as one that does not.
            let isInForm = change.before?.nextHopObject == present?.nextHopObject
            if change.before == present && isInForm { return nil }
            return (change.place, .resource(change.place, was: change.before, is: present))
        }
    }

    /// The routes that have come to go by a next-hop object since, and would go with it.
    private func newUsers(in observed: HostState) -> [Staleness] {
        let going = Set(changes.filter(\.isOfNextHop).filter { $0.after == nil }.map(\.place))
        if going.isEmpty { return [] }
        let told = Set(changes.map(\.place))
        return Set(going.map(\.netns)).sorted().flatMap { netns in
            (observed.namespaces[netns]?.routes.sorted ?? []).compactMap { route -> Staleness? in
                guard let id = route.form.object else { return nil }
                let object = ResourcePlace(.nextHop(id), in: netns)
                let casualty = Casualty(.route(route), in: netns, isForeign: true)
                return going.contains(object) && !told.contains(casualty.place) ? .casualty(of: object, casualty) : nil
            }
        }
    }

    /// What would go with a change and is not foretold; what has gone already does no harm.
    private func newCasualties(in observed: HostState, _ ledger: Ledger?) -> [Staleness] {
        let foretold = Set(changes.flatMap(\.takes).map(\.place))
        return zip(changes, Casualties.of(self, in: observed, known: ledger)).flatMap { change, casualties in
            casualties.filter { !foretold.contains($0.place) }.map { .casualty(of: change.place, $0) }
        }
    }
}
