package import NetworkState

/// What a kernel takes away by itself when a plan's changes are made, from what was observed before them.
///
/// Settings of a link go with it and are not told. Neither is what a neighbour table has learnt: it comes and goes all
/// the time.
struct Casualties {
    struct Device: Hashable {
        let netns: Netns
        let name: LinkName
    }

    let observed: HostState
    private let known: Ledger?
    /// What is on each link.
    private let dependents: [Device: [Resource]]
    /// The addresses that each link has when the change is made that is being looked at.
    var addresses: [Device: Set<IPPrefix>]
    /// What has a change of its own, or has gone with an earlier one.
    private var told: Set<ResourcePlace>

    private init(of plan: Plan, in observed: HostState, _ known: Ledger?) {
        self.observed = observed
        self.known = known
        var dependents: [Device: [Resource]] = [:]
        var addresses: [Device: Set<IPPrefix>] = [:]
        for (netns, state) in observed.namespaces {
            for resource in state.lasting {
                for name in Set(resource.devices) {
                    dependents[Device(netns: netns, name: name), default: []].append(resource)
                }
            }
            for address in state.addresses.unordered {
                addresses[Device(netns: netns, name: address.device), default: []].insert(address.prefix)
            }
        }
        (self.dependents, self.addresses) = (dependents, addresses)
        told = Set(plan.toldInFull.filter { !$0.comesBack }.map(\.place))
    }

    /// Those of each change of `plan`, in order.
    ///
    /// What comes back goes because something else does, and it is that which takes all the rest; only a link may be the
    /// first to go and nevertheless come back as it was.
    ///
    /// - `known`: what is weft's. All else, unless the kernel makes it by itself, is foreign.
    static func of(_ plan: Plan, in observed: HostState, known: Ledger?) -> [[Casualty]] {
        guard plan.changes.contains(where: \.isLoss) else { return plan.changes.map { _ in [] } }
        let returning = Set(plan.toldInFull.filter(\.comesBack).map(\.place))
        var casualties = Casualties(of: plan, in: observed, known)
        var taken = plan.changes.map { change in
            casualties.follow(change)
            return returning.contains(change.place) ? [] : casualties.taken(by: change)
        }
        for (index, change) in plan.changes.enumerated()
        where returning.contains(change.place) && change.isOfLink && !casualties.told.contains(change.place) {
            taken[index] = casualties.taken(by: change)
        }
        return taken
    }

    private mutating func taken(by change: Change) -> [Casualty] {
        guard change.isLoss else { return [] }
        var lost = Lost()
        switch change.before {
        case .netns: lose(change.netns, &lost)
        case .link(let link) where change.action == .change: bringDown(link.name, in: change.netns, &lost)
        case .link(let link) where link.isMadeByItself(in: change.netns): lose(link, in: change.netns, &lost)
        case .address(let address): lose(address, in: change.netns, &lost)
        default: break
        }
        return lost.things.filter { $0.place != change.place && told.insert($0.place).inserted }
            .sorted { $0.place < $1.place }
    }

    private mutating func follow(_ change: Change) {
        guard case .address(let address) = change.resource else { return }
        let device = Device(netns: change.netns, name: address.device)
        if change.after == nil {
            addresses[device]?.remove(address.prefix)
        } else {
            addresses[device, default: []].insert(address.prefix)
        }
    }

    /// What rests on a link, but its settings.
    func dependents(on name: LinkName, in netns: Netns) -> [Resource] {
        dependents[Device(netns: netns, name: name)] ?? []
    }

    func casualty(_ resource: Resource, in netns: Netns, isReleased: Bool = false) -> Casualty {
        let isForeign = !resource.isMadeByKernel && known?.entries[netns, resource.identity] == nil
        return Casualty(resource, in: netns, isForeign: isForeign, isReleased: isReleased)
    }
}

extension Casualties {
    /// What a change takes with it, each thing once.
    struct Lost {
        private(set) var things: [Casualty] = []
        private var places: Set<ResourcePlace> = []

        /// Whether it was not lost before.
        @discardableResult
        mutating func insert(_ casualty: Casualty) -> Bool {
            guard places.insert(casualty.place).inserted else { return false }
            things.append(casualty)
            return true
        }
    }
}

extension Change {
    /// Whether something may go with what it takes away.
    fileprivate var isLoss: Bool {
        switch (before, action) {
        case (.netns, .remove), (.address, .remove), (.address, .replace), (.link, .remove), (.link, .replace): true
        case (.link(let link), .change): link.isUp == true && after?.isDownLink == true
        default: false
        }
    }
}

extension Resource {
    fileprivate var isDownLink: Bool { if case .link(let link) = self { link.isUp == false } else { false } }
}

extension NamespaceState {
    /// What is worth telling if it goes.
    var lasting: [Resource] {
        resources.filter { resource in
            switch resource {
            case .sysctl: false
            case .neighbour(let neighbour): neighbour.state == .permanent
            case .netns, .link, .address, .fdb, .table, .nextHop, .route: true
            }
        }
    }
}

extension Plan {
    /// Notes with each change what it takes along of what was `observed`.
    package mutating func foretellCasualties(in observed: HostState, known: Ledger) {
        for (index, casualties) in Casualties.of(self, in: observed, known: known).enumerated()
        where !casualties.isEmpty {
            changes[index].takes = casualties
        }
    }

    /// A route of somebody else's that would go with an address of weft's is in the way, as it is on a link that goes.
    mutating func spareForeignRoutes() {
        for change in changes {
            guard case .address(let address) = change.before else { continue }
            for casualty in change.takes where casualty.isForeign {
                guard case .route = casualty.resource, !conflicts.contains(where: { $0.held == casualty.resource })
                else { continue }
                conflicts.append(
                    Conflict(
                        in: casualty.netns, held: casualty.resource,
                        reason: "is not weft's, and would go with address \(address.prefix): remove it first",
                        source: change.source))
            }
        }
    }
}
