import NetworkState

/// What some changes touch, and so what may come or go with them without being named by any.
struct TouchedThings {
    private struct Device: Hashable {
        let netns: Netns
        let name: LinkName
    }

    private var places: Set<ResourcePlace> = []
    /// Those at whose places something changes; there may be a hundred thousand.
    private var routes: [Netns: Table<Route>] = [:]
    /// Links that were changed, or whose addresses were: what depends on them may have gone with them.
    private var devices: Set<Device> = []
    /// Namespaces that were removed, and all that was in them.
    private var namespaces: Set<Netns> = []

    /// - `former`: the host before the changes, where it is known which ends belonged to which pair.
    init(by changes: [Change], in former: HostState) {
        for change in changes {
            if case .route(let route) = change.resource {
                routes[change.netns, default: Table()].insert(route)
                continue
            }
            places.insert(change.place)
            switch change.resource {
            case .netns: if change.after == nil { namespaces.insert(change.netns) }
            case .link(let link):
                devices.insert(Device(netns: change.netns, name: link.name))
                if case .link(let link) = former[change.netns, change.identity], let peer = link.peer {
                    devices.insert(Device(netns: peer.netns, name: peer.name))
                }
            case .address(let address): devices.insert(Device(netns: change.netns, name: address.device))
            case .sysctl, .neighbour, .fdb, .table, .nextHop, .route: break
            }
        }
    }

    func containsAny(of names: [LinkName], in netns: Netns) -> Bool {
        namespaces.contains(netns) || names.contains { devices.contains(Device(netns: netns, name: $0)) }
    }

    /// Whether `sysctl` followed when a namespace became, or ceased to be, a router.
    func sweeps(_ sysctl: Sysctl, in netns: Netns) -> Bool {
        sysctl.sweeper.map { places.contains(ResourcePlace(.sysctl($0), in: netns)) } ?? false
    }

    /// Of `state`, what has to be remembered to take the changes back: what they name, and what may come or go with it.
    func part(of state: HostState) -> HostState {
        var part = HostState()
        for (netns, contents) in state.namespaces {
            part.namespaces[netns] = NamespaceState()
            for resource in contents.resourcesButRoutes where concerns(resource, in: netns) {
                part.insert(resource, in: netns)
            }
            part.namespaces[netns]?.routes = routes(of: contents.routes, in: netns)
        }
        return part
    }

    private func routes(of all: Table<Route>, in netns: Netns) -> Table<Route> {
        let isWhole = namespaces.contains(netns) || devices.contains { $0.netns == netns }
        if isWhole { return Table(all.sorted.filter { concerns(.route($0), in: netns) }) }
        // Those that are named, rather than each of a hundred thousand.
        let changed = routes[netns] ?? Table()
        if changed.count < all.count / 8 { return Table(changed.sorted.compactMap { all[$0.identity] }) }
        var lookup = RouteLookup(changed)
        let named = all.sorted.filter { lookup.has($0.identity) }
        return named.count == all.count ? all : Table(named)
    }

    private func concerns(_ resource: Resource, in netns: Netns) -> Bool {
        if case .route(let route) = resource {
            if routes[netns]?[route.identity] != nil { return true }
        } else if places.contains(ResourcePlace(resource.identity, in: netns)) {
            return true
        }
        return switch resource {
        case .netns: true
        case .link(let link): containsAny(of: [link.name] + link.lowerLinks, in: netns)
        case .sysctl(let sysctl): sweeps(sysctl, in: netns) || containsAny(of: resource.devices, in: netns)
        case .address, .neighbour, .fdb, .table, .nextHop, .route: containsAny(of: resource.devices, in: netns)
        }
    }
}
