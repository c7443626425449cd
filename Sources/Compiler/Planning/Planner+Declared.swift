import NetworkState

extension Planner {
    /// Makes what is declared and not there, and mends what is ours and not as declared.
    mutating func planDeclared() {
        for (netns, state) in declaration.state.sortedNamespaces {
            planNamespace(netns)
            for resource in state.resourcesButRoutes {
                planDeclared(resource, in: netns)
                noteMissingLinks(of: resource, in: netns)
            }
            planDeclared(state.routes, in: netns)
        }
    }

    /// Most routes of a host that has many are ours, and as they are declared.
    private mutating func planDeclared(_ routes: Table<Route>, in netns: Netns) {
        let isPlain = doomed.isEmpty && known.former.namespaces[netns]?.routes.isEmpty ?? true
        var present = RouteLookup(observed.namespaces[netns]?.routes)
        var ours = RouteLookup(known.entries.namespaces[netns]?.routes)
        var others: [Route] = []
        for route in routes.sorted {
            let isThere = isPlain ? present.satisfies(route) : false
            if isThere == true, ours.has(route.identity) {
                unchanged += 1
            } else if isThere == nil {
                steps.append(Step(netns: netns, before: nil, after: .route(route), reason: nil, phase: .make))
            } else {
                planDeclared(.route(route), in: netns)
                others.append(route)
            }
        }
        own(routes, in: netns, but: others)
        noteMissingLinks(of: routes, in: netns)
    }

    /// All but those of `others` that have not been owned.
    private mutating func own(_ routes: Table<Route>, in netns: Netns, but others: [Route]) {
        let owned = ledger.entries.namespaces[netns]?.routes ?? Table()
        var ours = routes
        for route in others where owned[route.identity] == nil { ours.remove(route.identity) }
        if !ours.isEmpty { ledger.entries.namespaces[netns, default: NamespaceState()].routes = ours }
    }

    private mutating func noteMissingLinks(of routes: Table<Route>, in netns: Netns) {
        var noted: LinkName?
        for route in routes.sorted {
            if noted != nil, noted == route.nextHop.device, route.otherNextHops.isEmpty { continue }
            noteMissingLinks(of: .route(route), in: netns)
            noted = route.nextHop.device
        }
    }

    private mutating func planNamespace(_ netns: Netns) {
        guard let name = netns.name, declaration.pointer(to: .netns, in: netns) != nil else { return }
        if observed.namespaces[netns] == nil {
            steps.append(Step(netns: netns, before: nil, after: .netns, reason: nil, phase: .make))
            ledger.namespaces.insert(name)
        } else {
            unchanged += 1
            if known.namespaces.contains(name) { ledger.namespaces.insert(name) }
        }
    }

    private mutating func planDeclared(_ resource: Resource, in netns: Netns) {
        let isOurs = known.entries[netns, resource.identity] != nil
        guard let present = observed[netns, resource.identity] else {
            make(resource, in: netns)
            return
        }
        let goal = givingBackWhatIsLeftOpen(by: resource, in: netns)
        let isForeign = !isOurs && !isSetting(present)
        if goal.isSatisfied(by: present) && !isDoomed(present, in: netns) {
            unchanged += 1
            if isOurs || isSettingOfOurLink(resource, in: netns) {
                own(resource, in: netns)
            } else if case .sysctl(let sysctl) = resource, sysctl.sweeper != nil {
                // When the host ceases to be a router it would be swept away with the others.
                own(resource, in: netns, was: present)
            }
        } else if isForeign, let reason = reasonNotToTakeOver(present, for: resource) {
            obstacles.append(Obstacle(netns: netns, held: present, reason: reason, declared: resource.identity))
        } else {
            own(resource, in: netns, was: isOurs || isSettingOfOurLink(resource, in: netns) ? nil : present)
            replace(
                present, with: goal, because: reason(for: goal, declared: resource, from: present, isForeign), in: netns
            )
        }
    }

    private mutating func replace(
        _ present: Resource, with goal: Resource, because reason: String?, in netns: Netns
    ) {
        if isDoomed(present, in: netns) || !goal.isReachable(from: present) {
            if case .address(let address) = present { blockForeignNeighbours(of: address, in: netns) }
            let isCleared = clear(present, in: netns, because: reason)
            let before = isCleared ? nil : present
            steps.append(Step(netns: netns, before: before, after: goal, reason: reason, phase: .make))
        } else {
            steps.append(Step(netns: netns, before: present, after: goal, reason: reason, phase: .make))
        }
    }

    private func reason(
        for goal: Resource, declared: Resource, from present: Resource, _ isForeign: Bool
    ) -> String? {
        if isForeign { return "taken over from \(present.holder)" }
        let isGivenBack = declared.isSatisfied(by: present) && !goal.isSatisfied(by: present)
        return isGivenBack ? Self.undeclared : nil
    }

    private mutating func make(_ resource: Resource, in netns: Netns) {
        steps.append(Step(netns: netns, before: nil, after: resource, reason: nil, phase: .make))
        own(resource, in: netns)
    }

    /// A sysctl goes with its link and needs no step of its own, for which this returns false.
    private mutating func clear(_ present: Resource, in netns: Netns, because reason: String?) -> Bool {
        if case .sysctl = present { return false }
        steps.append(Step(netns: netns, before: present, after: nil, reason: reason, phase: .clear))
        return true
    }

    /// Notes that a resource is ours from now on, with what it was before it became so.
    private mutating func own(_ resource: Resource, in netns: Netns, was present: Resource? = nil) {
        ledger.entries.insert(resource, in: netns)
        if known.former.namespaces.isEmpty && present == nil { return }
        if let former = known.former[netns, resource.identity] ?? present.flatMap(durable) {
            ledger.former.insert(former, in: netns)
        }
    }

    /// A neighbour that the kernel has learnt is not worth restoring: it would have aged away by then. That a link had
    /// no alias has to be said.
    private func durable(_ resource: Resource) -> Resource? {
        switch resource {
        case .neighbour(let neighbour): return neighbour.state == .permanent ? resource : nil
        case .link(var link):
            link.alias = link.alias ?? ""
            return .link(link)
        // The next-hop object that it goes by may be gone by then.
        case .route: return resource.plain
        case .netns, .sysctl, .address, .fdb, .table, .nextHop: return resource
        }
    }

    /// Settings are everyone's to change and nobody's to own: what they were is remembered instead.
    private func isSetting(_ present: Resource) -> Bool {
        switch present {
        case .sysctl: true
        case .link(let link): link.isMadeByKernel
        case .neighbour(let neighbour): neighbour.state == .dynamic
        case .netns, .address, .fdb, .table, .nextHop, .route: false
        }
    }

    /// A link that we made has had no setting before us that would be worth restoring: it goes with the link.
    private func isSettingOfOurLink(_ resource: Resource, in netns: Netns) -> Bool {
        guard case .sysctl(let sysctl) = resource, let device = sysctl.device, device != .loopback,
            known.entries[netns, .link(device)] != nil
        else { return false }
        return known.hasReplaced(device, in: netns)
            || (known.former[netns, .link(device)] == nil && known.former[netns, resource.identity] == nil)
    }

    private mutating func noteMissingLinks(of resource: Resource, in netns: Netns) {
        for device in resource.devices {
            let isThere =
                declaration.state.namespaces[netns]?.links[device] != nil
                || observed.namespaces[netns]?.links[device] != nil || device == .loopback
            let isNoted = missingLinks.contains { $0.netns == netns && $0.link == device }
            if !isThere && !isNoted { missingLinks.append((netns, device, resource.identity)) }
        }
    }
}
