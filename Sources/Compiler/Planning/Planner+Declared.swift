import NetworkState

extension Planner {
    /// Makes what is declared and not there, and mends what is ours and not as declared.
    mutating func planDeclared() {
        for (netns, state) in declaration.state.sortedNamespaces {
            planNamespace(netns)
            for resource in state.resources {
                planDeclared(resource, in: netns)
                noteMissingLinks(of: resource, in: netns)
            }
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
        if resource.isSatisfied(by: present) && !isDoomed(present, in: netns) {
            unchanged += 1
            if isOurs || isSettingOfOurLink(resource, in: netns) { own(resource, in: netns) }
        } else if !isOurs && !isSetting(present) {
            obstacles.append(
                Obstacle(
                    netns: netns, held: present,
                    reason: "stands where the topology declares \(resource.declaredText)",
                    declared: resource.identity))
        } else if isDoomed(present, in: netns) || !resource.isReachable(from: present) {
            clear(present, in: netns)
            make(resource, in: netns)
        } else {
            steps.append(Step(netns: netns, before: present, after: resource, reason: nil, phase: .make))
            own(resource, in: netns, was: isOurs || isSettingOfOurLink(resource, in: netns) ? nil : present)
        }
    }

    private mutating func make(_ resource: Resource, in netns: Netns) {
        steps.append(Step(netns: netns, before: nil, after: resource, reason: nil, phase: .make))
        own(resource, in: netns)
    }

    /// A sysctl goes with its link and needs no step of its own.
    private mutating func clear(_ present: Resource, in netns: Netns) {
        if case .sysctl = present { return }
        steps.append(Step(netns: netns, before: present, after: nil, reason: nil, phase: .clear))
    }

    /// Notes that a resource is ours from now on, with what it was before it became so.
    private mutating func own(_ resource: Resource, in netns: Netns, was present: Resource? = nil) {
        ledger.entries.insert(resource, in: netns)
        if let former = known.former[netns, resource.identity] ?? present.flatMap(durable) {
            ledger.former.insert(former, in: netns)
        }
    }

    /// A neighbour that the kernel has learnt is not worth restoring: it would have aged away by then.
    private func durable(_ resource: Resource) -> Resource? {
        if case .neighbour = resource { nil } else { resource }
    }

    /// Settings are everyone's to change and nobody's to own: what they were is remembered instead.
    private func isSetting(_ present: Resource) -> Bool {
        switch present {
        case .sysctl: true
        case .link(let link): link.isMadeByKernel
        case .neighbour(let neighbour): neighbour.state == .dynamic
        case .netns, .address, .fdb, .table, .route: false
        }
    }

    /// A link that we made has had no setting before us that would be worth restoring: it goes with the link.
    private func isSettingOfOurLink(_ resource: Resource, in netns: Netns) -> Bool {
        guard case .sysctl(let sysctl) = resource, let device = sysctl.device else { return false }
        return known.entries[netns, .link(device)] != nil && known.former[netns, .link(device)] == nil
            && known.former[netns, resource.identity] == nil && device != .loopback
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

extension Resource {
    /// A table's rules would be many words, of which its name tells as much.
    fileprivate var declaredText: String {
        if case .table = self { "a table of its own" } else { attributes.text }
    }
}
