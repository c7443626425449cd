import NetworkState

/// What goes with what, in the kernel's own order of events.
extension Casualties {
    /// All that is in a namespace, but what comes with one, and the other ends of its veth pairs.
    ///
    /// A physical link goes back to the machine (`default_device_exit_net` in net/core/dev.c).
    func lose(_ netns: Netns, _ lost: inout Lost) {
        for resource in observed.namespaces[netns]?.lasting ?? [] {
            if case .link(let link) = resource {
                if link.isMadeByKernel || link.kind == .other("") { continue }
                if lost.insert(casualty(resource, in: netns)) { lose(link, in: netns, &lost) }
            } else if !resource.isMadeByKernel {
                lost.insert(casualty(resource, in: netns))
            }
        }
    }

    /// The other end of a pair, and all that is on either.
    func lose(_ link: Link, in netns: Netns, _ lost: inout Lost) {
        if let peer = link.peer, let end = observed.namespaces[peer.netns]?.links[peer.name],
            lost.insert(casualty(.link(end), in: peer.netns))
        {
            lose(end, in: peer.netns, &lost)
        }
        for resource in dependents(on: link.name, in: netns) {
            switch resource {
            case .link(let other) where other.parent == link.name:
                // A tunnel goes with the link that it sends over (`vxlan_handle_lowerdev_unregister`).
                if lost.insert(casualty(resource, in: netns)) { lose(other, in: netns, &lost) }
            case .link: lost.insert(casualty(resource, in: netns, isReleased: true))
            case .route(let route) where route.outlives(link.name): continue
            case .address(let address):
                lost.insert(casualty(resource, in: netns))
                loseRoutes(from: address, in: netns, &lost)
            case .netns, .sysctl, .neighbour, .fdb, .table, .nextHop, .route:
                lost.insert(casualty(resource, in: netns))
            }
        }
    }

    /// What `ip link set NAME down` takes: routes, neighbours, and IPv6 addresses (`keep_addr_on_down`), none of which
    /// comes back with `up`.
    func bringDown(_ name: LinkName, in netns: Netns, _ lost: inout Lost) {
        for resource in dependents(on: name, in: netns) {
            switch resource {
            case .route(let route) where route.devices.allSatisfy { $0 == name }:
                lost.insert(casualty(resource, in: netns))
            case .neighbour: lost.insert(casualty(resource, in: netns))
            case .address(let address) where address.prefix.family == .v6 && !address.isMadeByKernel:
                lost.insert(casualty(resource, in: netns))
            case .netns, .link, .sysctl, .address, .fdb, .table, .nextHop, .route: continue
            }
        }
    }

    /// The route to its own network; the routes that name it as their source; and, with the last IPv4 address of its link,
    /// that link's IPv4 routes and neighbours (`fib_disable_ip` in net/ipv4/fib_frontend.c). IPv6 keeps all but the first.
    func lose(_ address: Address, in netns: Netns, _ lost: inout Lost) {
        let left = addresses[Device(netns: netns, name: address.device)] ?? []
        let isLast = address.prefix.family == .v4 && !left.contains { $0.family == .v4 }
        for resource in dependents(on: address.device, in: netns) {
            switch resource {
            case .route(let route) where isLast && route.destination.family == .v4:
                if route.devices.allSatisfy({ $0 == address.device }) { lost.insert(casualty(resource, in: netns)) }
            case .route(let route) where route.isConnected(by: address.prefix):
                if !left.contains(where: route.isConnected) { lost.insert(casualty(resource, in: netns)) }
            case .neighbour(let neighbour) where isLast && neighbour.address.family == .v4:
                lost.insert(casualty(resource, in: netns))
            default: continue
            }
        }
        loseRoutes(from: address, in: netns, &lost)
    }

    /// The routes whose packets have `address` as their source, unless another link has it as well
    /// (`fib_sync_down_addr` in net/ipv4/fib_semantics.c). IPv6 routes forget their source and stay.
    private func loseRoutes(from address: Address, in netns: Netns, _ lost: inout Lost) {
        guard address.prefix.family == .v4, let routes = observed.namespaces[netns]?.routes else { return }
        let fed = routes.unordered.filter {
            $0.preferredSource == address.prefix.address && $0.table == Route.mainTable
        }
        if fed.isEmpty || isElsewhere(address, in: netns) { return }
        for route in fed { lost.insert(casualty(.route(route), in: netns)) }
    }

    private func isElsewhere(_ address: Address, in netns: Netns) -> Bool {
        addresses.contains { device, prefixes in
            device.netns == netns && prefixes.contains { $0.address == address.prefix.address }
                && (device.name != address.device || !prefixes.contains(address.prefix))
        }
    }
}

extension Route {
    /// Whether it is the one that comes with an address on its link.
    fileprivate func isConnected(by prefix: IPPrefix) -> Bool {
        `protocol` == .kernel && nextHop.gateway == nil && destination == prefix.network
    }

    /// Whether it keeps its other next hops when `link` goes. IPv4 lets the whole route go
    /// (`fib_sync_down_dev` in net/ipv4/fib_semantics.c).
    fileprivate func outlives(_ link: LinkName) -> Bool {
        destination.family == .v6 && devices.contains { $0 != link }
    }
}
