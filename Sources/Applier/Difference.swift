import NetworkState

/// The changes that lead back from a present state to a former one, as far as the changes made since concern it.
struct Difference {
    private let present: HostState
    private let former: HostState
    private let touched: TouchedThings
    private(set) var changes: [Change] = []

    init(_ made: [Change], from present: HostState, to former: HostState) {
        self.present = present
        self.former = former
        touched = TouchedThings(by: made, in: former)
        var seen: Set<ResourcePlace> = []
        for change in made where seen.insert(change.place).inserted {
            undo(change)
        }
        for (netns, state) in former.sortedNamespaces {
            for resource in state.resources where !seen.contains(ResourcePlace(resource.identity, in: netns)) {
                restore(resource, in: netns)
            }
        }
        dropHomeless()
        keepNextHopsInUse()
        changes = changes.inOrderOfUndoing
    }

    /// What lies in a namespace or on a link that is gone, and not by our doing, is gone with it.
    private mutating func dropHomeless() {
        let coming = Set(changes.filter { $0.after != nil }.map(\.place))
        func isHomeless(_ resource: Resource, in netns: Netns) -> Bool {
            if resource == .netns { return false }
            if !isThere(.netns, in: netns) || !resource.devices.allSatisfy({ isThere(.link($0), in: netns) }) {
                return true
            }
            guard case .link(let link) = resource, present[netns, resource.identity] == nil else { return false }
            return !link.isSoftware || link.peer.map { !isThere(.netns, in: $0.netns) } ?? false
        }
        func isThere(_ identity: Resource.Identity, in netns: Netns) -> Bool {
            present[netns, identity] != nil || coming.contains(ResourcePlace(identity, in: netns))
        }
        changes.removeAll { change in change.after.map { isHomeless($0, in: change.netns) } ?? false }
    }

    /// With an object would go the routes that stay and go by it.
    private mutating func keepNextHopsInUse() {
        for netns in Set(changes.filter(\.isOfNextHop).map(\.netns)) {
            let inUse = present.namespaces[netns]?.nextHopsInUse(after: changes.filter { $0.netns == netns }) ?? []
            changes.removeAll { change in
                if change.netns == netns, case .nextHop(let object) = change.resource {
                    inUse.contains(object.id)
                } else {
                    false
                }
            }
        }
    }

    /// What takes back `change`, if it is not as it was.
    private mutating func undo(_ change: Change) {
        let was = former[change.netns, change.identity].flatMap { $0.isFleeting ? nil : $0 }
        let now = present[change.netns, change.identity].flatMap { $0.isFleeting ? nil : $0 }
        switch (now, was) {
        // What goes by an object comes back without.
        case (nil, nil), (.netns, .netns), (.sysctl, nil), (_, .nextHop): return
        case (.link(let now), .link(let was)):
            var declared: Link?
            if case .link(let after) = change.after { declared = after }
            add(Link.step(from: now, to: was, declared: declared), in: change.netns)
        case (.address(let now), .address(let was)) where was.isSatisfied(by: now): return
        default: if now != was { changes.append(Change(in: change.netns, from: now, to: was?.plain)) }
        }
    }

    /// What brings back something that no change named and that went with what a change did name.
    private mutating func restore(_ resource: Resource, in netns: Netns) {
        let now = present[netns, resource.identity]
        switch resource {
        case .netns: return
        case .link(let link): restore(link, now, in: netns)
        case .sysctl(let sysctl) where now != nil && now != resource:
            guard touched.sweeps(sysctl, in: netns) || touched.containsAny(of: resource.devices, in: netns) else {
                return
            }
            changes.append(Change(in: netns, from: now, to: resource))
        case .nextHop: return
        case .address, .neighbour, .fdb, .table, .route:
            guard now == nil, !isMadeByKernel(resource, in: netns),
                touched.containsAny(of: resource.devices, in: netns)
            else { return }
            changes.append(Change(in: netns, from: nil, to: resource.plain))
        case .sysctl: return
        }
    }

    /// A link that is missing comes back if its pair's other end, or its namespace, was touched; one that has lost its
    /// bridge becomes its port again.
    private mutating func restore(_ link: Link, _ now: Resource?, in netns: Netns) {
        guard case .link(let present) = now else {
            if touched.containsAny(of: [link.name], in: netns) {
                changes.append(Change(in: netns, from: nil, to: .link(link)))
            }
            return
        }
        if touched.containsAny(of: [link.name], in: netns) {
            add(Link.step(from: present, to: link, declared: nil), in: netns)
        } else if let controller = link.controller, present.controller == nil,
            touched.containsAny(of: [controller], in: netns)
        {
            var port = present
            port.membership = .port(of: controller)
            add((present, port), in: netns)
        }
    }

    /// What cannot be turned into what it was goes, with the names that it holds, before anything comes.
    private mutating func add(_ step: (from: Link, to: Link)?, in netns: Netns) {
        guard let step else { return }
        let change = Change(in: netns, from: .link(step.from), to: .link(step.to))
        guard change.action == .replace else { return changes.append(change) }
        changes.append(Change(in: netns, from: change.before, to: nil))
        changes.append(Change(in: netns, from: nil, to: change.after))
    }
}

extension Link {
    /// The step back from `now` to `was`, or nil if there is nothing to do. Of a link that was changed, only what the
    /// change declared goes back: the rest the kernel may have moved along, as a bridge takes its ports' MTU.
    fileprivate static func step(from now: Link, to was: Link, declared: Link?) -> (from: Link, to: Link)? {
        guard now.kind?.word == was.kind?.word else { return (now, was) }
        var now = now
        // An end that is out of view is no other end.
        if now.peer == nil || was.peer == nil { now.kind = was.kind }
        guard now.kind == was.kind else { return (now, was) }
        if let declared {
            if declared.mtu == nil { now.mtu = was.mtu }
            if declared.address == nil { now.address = was.address }
            if declared.membership == nil { now.membership = was.membership }
            if declared.alias == nil { now.alias = was.alias }
            if declared.addrGenMode == nil { now.addrGenMode = was.addrGenMode }
            if declared.isUp == nil { now.isUp = was.isUp }
        }
        return now == was ? nil : (now, was)
    }
}

extension Difference {
    /// Whether it comes back without our doing when what it belongs to does. A link that makes itself no link-local
    /// address has one that somebody gave it.
    private func isMadeByKernel(_ resource: Resource, in netns: Netns) -> Bool {
        switch resource {
        case .route(let route): route.protocol == .kernel
        // Given by hand, IPv6's gets a route that it does not have by itself (`inet6_addr_add` in net/ipv6/addrconf.c).
        case .address(let address) where address.device == .loopback && address.prefix.address.isLoopback: true
        case .address(let address):
            address.prefix.family == .v6 && address.prefix.address.isLinkLocal
                && former.namespaces[netns]?.links[address.device]?.addrGenMode != Link.AddrGenMode.none
        case .neighbour: resource.isFleeting
        case .netns, .link, .sysctl, .fdb, .table, .nextHop: false
        }
    }
}

extension [Change] {
    /// Removals first, dependants before what they depend on; then the rest the other way round.
    fileprivate var inOrderOfUndoing: [Change] {
        let sorted = sorted { $0.makingOrder < $1.makingOrder }
        return sorted.filter { $0.after == nil }.reversed() + sorted.filter { $0.after != nil }
    }
}

extension Change {
    private struct MakingOrder: Comparable {
        let kind: Int
        let dependence: Int
        let change: Change

        static func < (left: MakingOrder, right: MakingOrder) -> Bool {
            (left.kind, left.dependence, left.change.netns, left.change.identity)
                < (right.kind, right.dependence, right.change.netns, right.change.identity)
        }
    }

    /// A bridge precedes its ports, the end that makes a pair the other, and the route to a gateway those through it.
    fileprivate var makingOrder: some Comparable {
        let (kind, dependence) =
            switch resource {
            case .netns: (0, 0)
            case .link(let link): (1, !link.isMadeByItself(in: netns) ? 2 : !link.lowerLinks.isEmpty ? 1 : 0)
            case .sysctl: (2, 0)
            case .address: (3, 0)
            case .neighbour: (4, 0)
            case .fdb: (5, 0)
            case .table: (6, 0)
            case .nextHop: (7, 0)
            case .route(let route): (8, route.nextHop.gateway != nil ? 1 : 0)
            }
        return MakingOrder(kind: kind, dependence: dependence, change: self)
    }
}
