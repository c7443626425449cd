import NetworkState

/// What a kernel does with changes, as far as planning depends on it: what comes and goes by itself.
///
/// The applier's tests hold the same plans against a real one; this one is for thousands of random plans.
struct ModelKernel: Equatable {
    var state = HostState([.own: NamespaceState()])

    init() {
        state.insert(.link(Link(name: .loopback, kind: .loopback, mtu: 65536, isUp: true)), in: .own)
        state.insert(.link(Link(name: LinkName(known: "eth0"), kind: .other(""), mtu: 1500, isUp: true)), in: .own)
        state.insert(.sysctl(Sysctl("net/ipv4/ip_forward", "0")), in: .own)
        state.insert(.sysctl(Sysctl("net/ipv6/conf/all/forwarding", "0")), in: .own)
        addSettings(of: LinkName(known: "default"), in: .own)
        addSettings(of: LinkName(known: "eth0"), in: .own)
    }

    mutating func execute(_ plan: Plan) {
        plan.changes.forEach { execute($0) }
    }

    mutating func execute(_ change: Change) {
        switch change.action {
        case .add, .change: make(change.resource, in: change.netns)
        case .remove: remove(change)
        case .replace:
            remove(change)
            make(change.resource, in: change.netns)
        }
    }

    mutating func make(_ resource: Resource, in netns: Netns) {
        precondition(resource == .netns || state.namespaces[netns] != nil, "no namespace \(netns)")
        let links = state.namespaces[netns]?.links
        for device in resource.devices where resource.identity.kind != "sysctl" {
            precondition(links?[device] != nil, "\(resource) is made before link \(device)")
        }
        switch resource {
        case .netns:
            precondition(state.namespaces[netns] == nil, "namespace \(netns) is made twice")
            state.namespaces[netns] = NamespaceState()
            state.insert(.link(Link(name: .loopback, kind: .loopback, mtu: 65536, isUp: false)), in: netns)
            addSettings(of: LinkName(known: "default"), in: netns)
        case .link(let link): make(link, in: netns)
        case .sysctl(let sysctl): write(sysctl, in: netns)
        case .route(let route) where route.nextHop.gateway != nil && !route.nextHop.isOnLink:
            let routes = state.namespaces[netns]?.routes.sorted ?? []
            let isReachable = routes.contains { other in
                route.nextHop.gateway.map { other.destination.contains($0) } == true
                    && (other.scope == .link || other.protocol == .kernel)
            }
            // An IPv6 gateway that is link-local is on the link that the route names.
            let isOnLink = route.destination.family == .v6 && route.nextHop.gateway?.isLinkLocal == true
            precondition(isReachable || isOnLink, "\(route.destination) is made before the way to its gateway")
            state.insert(resource, in: netns)
        case .address(let address):
            state.insert(resource, in: netns)
            connectedRoute(of: address).map { state.insert(.route($0), in: netns) }
        default: state.insert(resource, in: netns)
        }
    }

    /// What comes with an address whose prefix holds others. Of `fe80::/64` there is one for each link, all of one identity,
    /// so that it is left out, as is what depends on it.
    private func connectedRoute(of address: Address) -> Route? {
        if address.prefix.isHost || address.scope == .link { return nil }
        let isV4 = address.prefix.family == .v4
        return Route(
            address.prefix.network, device: address.device, scope: isV4 ? .link : .global, protocol: .kernel,
            metric: isV4 ? 0 : 256)
    }

    private mutating func make(_ link: Link, in netns: Netns) {
        if state.namespaces[netns]?.links[link.name] == nil {
            precondition(link.isMadeByItself(in: netns), "\(link.name) appears without its other end")
            addSettings(of: link.name, in: netns)
            if let peer = link.peer {
                precondition(state.namespaces[peer.netns]?.links[peer.name] == nil, "\(peer.name) is there already")
                let back = Link.Peer(netns: netns, name: link.name)
                state.insert(.link(made(Link(name: peer.name, kind: .veth(peer: back)))), in: peer.netns)
                addSettings(of: peer.name, in: peer.netns)
            }
        }
        var now = link.completed(by: state.namespaces[netns]?.links[link.name] ?? made(link))
        if now.alias == "" { now.alias = nil }
        state.insert(.link(now), in: netns)
    }

    /// A link that has been given nothing but its kind. In the model two of one name get the same address.
    private func made(_ link: Link) -> Link {
        let mtu: UInt32 =
            switch link.kind {
            case .vxlan: 1450
            case .ipip: 1480
            default: 1500
            }
        return Link(
            name: link.name, kind: link.kind, mtu: mtu, address: MACAddress(seed: link.name.text),
            membership: Link.Membership.none, addrGenMode: .eui64, isUp: false)
    }

    private mutating func addSettings(of link: LinkName, in netns: Netns) {
        for (switchKey, family) in Self.switches {
            if case .sysctl(let all)? = state[netns, .sysctl(switchKey)] {
                state.insert(.sysctl(Sysctl("net/\(family)/conf/\(link)/forwarding", all.value)), in: netns)
            }
        }
        for (key, value) in [("disable_ipv6", "0"), ("accept_ra", "1"), ("accept_dad", "1"), ("proxy_ndp", "0")] {
            state.insert(.sysctl(Sysctl("net/ipv6/conf/\(link)/\(key)", value)), in: netns)
        }
        state.insert(.sysctl(Sysctl("net/ipv4/conf/\(link)/proxy_arp", "0")), in: netns)
        state.insert(.sysctl(Sysctl("net/ipv4/conf/\(link)/promote_secondaries", "0")), in: netns)
        state.insert(.sysctl(Sysctl("net/ipv4/conf/\(link)/rp_filter", "0")), in: netns)
        state.insert(.sysctl(Sysctl("net/ipv4/neigh/\(link)/proxy_delay", "80")), in: netns)
    }

    private mutating func write(_ sysctl: Sysctl, in netns: Netns) {
        state.insert(.sysctl(sysctl), in: netns)
        guard let (_, family) = Self.switches.first(where: { $0.key == sysctl.key }) else { return }
        for other in state.namespaces[netns]?.sysctls.sorted ?? []
        where other.key.hasPrefix("net/\(family)/conf/") && other.key.hasSuffix("/forwarding") {
            state.insert(.sysctl(Sysctl(other.key, sysctl.value)), in: netns)
        }
    }

    private static let switches = [
        (key: "net/ipv4/ip_forward", family: "ipv4"), (key: "net/ipv6/conf/all/forwarding", family: "ipv6"),
    ]

    private mutating func remove(_ change: Change) {
        guard case .link(let link)? = state[change.netns, change.identity] else {
            state.remove(change.identity, in: change.netns)
            let others = state.namespaces[change.netns]?.addresses.sorted ?? []
            if case .address(let address)? = change.before, let route = connectedRoute(of: address),
                !others.contains(where: { connectedRoute(of: $0) == route })
            {
                state.remove(.route(route.identity), in: change.netns)
            }
            return
        }
        guard link.isMadeByItself(in: change.netns) else { return }
        drop(link.name, in: change.netns)
        if let peer = link.peer { drop(peer.name, in: peer.netns) }
    }

    private mutating func drop(_ device: LinkName, in netns: Netns) {
        for resource in state.namespaces[netns]?.resources ?? [] where resource.devices.contains(device) {
            if case .link(var port) = resource, port.controller == device {
                port.membership = Link.Membership.none
                state.insert(.link(port), in: netns)
                continue
            }
            state.remove(resource.identity, in: netns)
        }
        state.remove(.link(device), in: netns)
    }
}
