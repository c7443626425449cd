import NetworkState

extension Planner {
    /// Removes what was ours and is declared no longer, or puts back what was there before it.
    mutating func planRemovals() {
        for (netns, state) in known.entries.sortedNamespaces where observed.namespaces[netns] != nil {
            for resource in state.resourcesButRoutes where declaration.state[netns, resource.identity] == nil {
                planRemoval(of: resource, in: netns)
            }
            var declared = RouteLookup(declaration.state.namespaces[netns]?.routes)
            for route in state.routes.sorted where !declared.has(route.identity) {
                planRemoval(of: .route(route), in: netns)
            }
        }
        for name in known.namespaces.sorted() {
            let netns = Netns.named(name)
            guard observed.namespaces[netns] != nil, declaration.pointer(to: .netns, in: netns) == nil else { continue }
            blockForeign(in: netns)
            steps.append(Step(netns: netns, before: .netns, after: nil, reason: Self.undeclared, phase: .remove))
        }
    }

    static let undeclared = "no longer in the topology"

    private mutating func planRemoval(of resource: Resource, in netns: Netns) {
        guard let present = observed[netns, resource.identity], isStillOurs(present, in: netns) else { return }
        if let former = formerState(of: resource, in: netns) {
            if !former.isSatisfied(by: present) { giveBack(former, for: present, in: netns) }
        } else if comesWithOthers(resource) {
            planReset(of: present, in: netns)
        } else {
            planRemoval(of: present, because: Self.undeclared, in: netns)
        }
    }

    private mutating func planRemoval(of present: Resource, because reason: String, in netns: Netns) {
        if case .link(let link) = present { blockForeignDependents(of: link, in: netns) }
        let phase: Phase = isDoomed(present, in: netns) ? .clear : .remove
        steps.append(Step(netns: netns, before: present, after: nil, reason: reason, phase: phase))
    }

    /// A setting of a link that stays, and that nobody wrote before it was ours, gets the value that it would have were the
    /// link made now.
    private mutating func planReset(of present: Resource, in netns: Netns) {
        guard case .sysctl(let sysctl) = present, let origin = sysctl.origin, let device = sysctl.device,
            declaration.state.namespaces[netns]?.links[device] != nil, !isDoomed(present, in: netns),
            let value = observed.namespaces[netns]?.sysctls[origin]?.value, value != sysctl.value
        else { return }
        let after = Sysctl(sysctl.key, value)
        steps.append(
            Step(netns: netns, before: present, after: .sysctl(after), reason: Self.undeclared, phase: .remove))
    }

    /// Whether it was never made by itself: a sysctl goes with its link, the loopback with its namespace.
    private func comesWithOthers(_ resource: Resource) -> Bool {
        switch resource {
        case .sysctl: true
        case .link(let link): link.kind == .loopback
        case .netns, .address, .neighbour, .fdb, .table, .nextHop, .route: false
        }
    }

    /// Whether what stands in a resource of ours' place still is what we put there, rather than somebody's replacement.
    private func isStillOurs(_ present: Resource, in netns: Netns) -> Bool {
        ([known.entries] + known.earlier).contains { state in
            state[netns, present.identity].map { isStillOurs(present, as: $0) } ?? false
        }
    }

    private func isStillOurs(_ present: Resource, as ours: Resource) -> Bool {
        switch (present, ours) {
        case (.link(let present), .link(let ours)):
            ours.isReachable(from: present) || isWhatIsLeft(present, of: ours)
        case (.fdb(let present), .fdb(let ours)): present.remote == ours.remote
        case (.route(let present), .route(let ours)): present.protocol == ours.protocol
        case (.sysctl(let present), .sysctl(let ours)): present.value == ours.value
        case (.neighbour(let present), .neighbour(let ours)):
            present.linkLayerAddress == ours.linkLayerAddress && present.state == ours.state
        default: true
        }
    }

    /// Whether `present` is the near end of a pair whose far end nobody finds any more: its namespace has lost its name, and
    /// the kernel takes it apart when it comes to it, or a process in it keeps it for as long as it runs.
    private func isWhatIsLeft(_ present: Link, of ours: Link) -> Bool {
        present.kind == .veth(peer: nil) && ours.peer != nil && ours.alias != nil && present.alias == ours.alias
    }

    /// The forwarding switches of links that stood apart from the host's: writing that sweeps them all, so those are
    /// written after it, back to what they were.
    mutating func planRestorations() {
        for step in steps {
            guard case .sysctl(let before) = step.before, case .sysctl(let after) = step.after,
                isForwardingSwitch(before.key)
            else { continue }
            let isRestoring = step.phase == .remove
            for sysctl in observed.namespaces[step.netns]?.sysctls.sorted ?? []
            where isLeftTo(before.key, sysctl, in: step.netns) && !known.hasReplaced(sysctl.device, in: step.netns) {
                let identity = Resource.Identity.sysctl(sysctl.key)
                if isRestoring, case .sysctl(let former) = known.former[step.netns, identity],
                    former.value != after.value
                {
                    let swept = Sysctl(sysctl.key, after.value)
                    steps.append(
                        Step(
                            netns: step.netns, before: .sysctl(swept), after: .sysctl(former),
                            reason: "as it was before", phase: .restore))
                } else if !isRestoring, sysctl.value != before.value {
                    ledger.former.insert(.sysctl(sysctl), in: step.netns)
                }
            }
        }
        planRestorationsCutShort()
        keepForwardingSwitches()
        keepSettingsOfReplacedLinks()
    }

    /// The same where the host's switch has been put back already, by a run that died before it came to the others.
    private mutating func planRestorationsCutShort() {
        for (netns, state) in known.former.sortedNamespaces {
            for former in state.sysctls.sorted where known.entries[netns, .sysctl(former.key)] == nil {
                let identity = Resource.Identity.sysctl(former.key)
                guard let sweeper = former.sweeper, isLeftTo(sweeper, former, in: netns),
                    isPutBack(sweeper, in: netns), let present = observed[netns, identity], present != .sysctl(former)
                else { continue }
                steps.append(
                    Step(
                        netns: netns, before: present, after: .sysctl(former), reason: "as it was before",
                        phase: .restore))
            }
        }
    }

    private func isPutBack(_ key: String, in netns: Netns) -> Bool {
        let identity = Resource.Identity.sysctl(key)
        return declaration.state[netns, identity] == nil && known.entries[netns, identity] != nil
            && known.former[netns, identity] == observed[netns, identity]
    }

    private func isForwardingSwitch(_ key: String) -> Bool {
        IPAddress.Family.allCases.contains { Sysctl.forwarding($0) == key }
    }

    /// Whether `sysctl` follows the switch `key`, as it is not declared by itself.
    private func isLeftTo(_ key: String, _ sysctl: Sysctl, in netns: Netns) -> Bool {
        sysctl.sweeper == key && declaration.state.namespaces[netns]?.sysctls[sysctl.key] == nil
    }

    /// As long as a host's forwarding switch is ours, so is the memory of what it swept away.
    private mutating func keepForwardingSwitches() {
        for (netns, state) in known.former.namespaces {
            for sysctl in state.sysctls.unordered where ledger.entries[netns, .sysctl(sysctl.key)] == nil {
                guard let sweeper = sysctl.sweeper, ledger.entries[netns, .sysctl(sweeper)] != nil else { continue }
                ledger.former.insert(.sysctl(sysctl), in: netns)
            }
        }
    }
}
