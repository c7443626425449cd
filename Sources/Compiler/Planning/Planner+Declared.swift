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
            addStep(to: resource, from: nil, in: netns, isOurs: true)
            return
        }
        if !resource.isSatisfied(by: present) {
            guard isOurs || isSetting(present) else {
                block(present, in: netns, declared: resource)
                return
            }
            addStep(to: resource, from: present, in: netns, isOurs: isOurs)
        } else if isLost(resource, in: netns) {
            // It goes with a link that has to be made anew, and comes back with it.
            steps.append(Step(netns: netns, before: present, after: nil, reason: "goes with its link", phase: .clear))
            addStep(to: resource, from: nil, in: netns, isOurs: true)
        } else {
            unchanged += 1
            if isOurs { own(resource, in: netns) }
        }
    }

    private mutating func addStep(to resource: Resource, from present: Resource?, in netns: Netns, isOurs: Bool) {
        if let present, !resource.isReachable(from: present) { clearDependents(of: present, in: netns) }
        steps.append(Step(netns: netns, before: present, after: resource, reason: nil, phase: .make))
        ledger.entries.insert(resource, in: netns)
        keepFormer(of: resource.identity, was: isOurs ? nil : present, in: netns)
    }

    /// Notes that an unchanged resource remains ours, with what it was before it became so.
    private mutating func own(_ resource: Resource, in netns: Netns) {
        ledger.entries.insert(resource, in: netns)
        keepFormer(of: resource.identity, was: nil, in: netns)
    }

    private mutating func keepFormer(of identity: Resource.Identity, was present: Resource?, in netns: Netns) {
        if let former = known.former[netns, identity] ?? present.flatMap(durable) {
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
        case .link(let link): link.kind == .loopback
        case .neighbour(let neighbour): neighbour.state == .dynamic
        case .netns, .address, .route: false
        }
    }

    private mutating func block(_ present: Resource, in netns: Netns, declared: Resource) {
        obstacles.append(
            Obstacle(
                netns: netns, held: present,
                reason: "stands where the topology declares \(declared.identity.kind) \(declared.attributes.text)",
                declared: declared.identity))
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
