import NetworkState

extension Planner {
    private static let asBefore = "as it was before"

    /// What stood in the place of `resource` before it was ours, and can stand there again; nil for what we made.
    ///
    /// Of a link, only the attributes that we have changed: the others are whoever's who changed them since.
    func formerState(of resource: Resource, in netns: Netns) -> Resource? {
        // What belonged to another link of that name comes back with that one alone.
        if case .sysctl(let sysctl) = resource, known.hasReplaced(sysctl.device, in: netns) { return nil }
        guard let former = known.former[netns, resource.identity],
            former.devices.allSatisfy({ isToStay($0, in: netns) })
        else { return nil }
        guard case .link(var link) = former, case .link(let ours) = resource else { return former }
        if link.isReachable(from: ours) { return .link(link.limited(to: ours)) }
        if link.alias == "" { link.alias = nil }
        return .link(link)
    }

    /// Whether there will be a link called `name`. One that was made by us and is declared no longer will be gone.
    private func isToStay(_ name: LinkName, in netns: Netns) -> Bool {
        if declaration.state.namespaces[netns]?.links[name] != nil { return true }
        return known.entries[netns, .link(name)] == nil
            ? observed.namespaces[netns]?.links[name] != nil : known.former[netns, .link(name)] != nil
    }

    /// Puts `former` in the place of `present`. Settings and links are turned back where they stand, while all that was
    /// made goes; everything else, and a link that is made again, comes once that has gone.
    mutating func giveBack(_ former: Resource, for present: Resource, in netns: Netns) {
        let phase: Phase = isDoomed(present, in: netns) ? .clear : .remove
        switch (former, present) {
        case (.link(let former), .link(let present)) where !former.isReachable(from: present):
            blockForeignDependents(of: present, in: netns)
            steps.append(
                Step(netns: netns, before: .link(present), after: nil, reason: Self.asBefore, phase: phase))
            makeAgain(former, in: netns)
        case (.link, _), (.sysctl, _):
            steps.append(Step(netns: netns, before: present, after: former, reason: Self.asBefore, phase: phase))
        default:
            steps.append(Step(netns: netns, before: present, after: former, reason: Self.asBefore, phase: .restore))
        }
    }

    /// A link that ours has replaced, with the settings that it had.
    private mutating func makeAgain(_ link: Link, in netns: Netns) {
        steps.append(Step(netns: netns, before: nil, after: .link(link), reason: Self.asBefore, phase: .restore))
        for sysctl in known.former.namespaces[netns]?.sysctls.sorted ?? [] where sysctl.device == link.name {
            let present = observed[netns, .sysctl(sysctl.key)]
            steps.append(
                Step(netns: netns, before: present, after: .sysctl(sysctl), reason: Self.asBefore, phase: .restore))
        }
    }

    /// As long as a link stands where another was, so does the memory of the other's settings.
    mutating func keepSettingsOfReplacedLinks() {
        for (netns, state) in known.former.namespaces {
            for sysctl in state.sysctls.unordered where known.hasReplaced(sysctl.device, in: netns) {
                guard let device = sysctl.device, ledger.former[netns, .link(device)] != nil else { continue }
                ledger.former.insert(.sysctl(sysctl), in: netns)
            }
        }
    }

    /// `declared`, with what a link of ours goes back to in each attribute that was declared before and no longer is: what
    /// it had before it was ours, or what the kernel makes of a new link.
    func givingBackWhatIsLeftOpen(by declared: Resource, in netns: Netns) -> Resource {
        guard case .link(let link) = declared, case .link(let ours) = known.entries[netns, declared.identity] else {
            return declared
        }
        var origin = ours.asMade
        if case .link(let former) = known.former[netns, declared.identity], former.isReachable(from: ours) {
            origin = former
        }
        return .link(link.completed(by: origin.limited(to: ours.without(link))))
    }
}

extension Ledger {
    /// Whether our link called `name` stands where one was that could not become it.
    func hasReplaced(_ name: LinkName?, in netns: Netns) -> Bool {
        guard let name, case .link(let ours) = entries[netns, .link(name)],
            case .link(let former) = former[netns, .link(name)]
        else { return false }
        return !former.isReachable(from: ours)
    }
}
