package import NetworkState

/// What Calico's CNI plugin and Felix settle by convention.
package enum Calico {
    /// The gateway that no link has, and that every host answers ARP for (cni-plugin, `dataplane_linux.go`).
    package static let gateway = IPAddress(v4: 0xa9fe_0101)
    /// The same on every host's end, harmless as each is a network of its own (felix, `int_dataplane.go`).
    package static let hostLinkAddress = MACAddress(bits: 0xeeee_eeee_eeee)
    package static let containerLink = LinkName(known: "eth0")
    /// Larger than that of any route that weft or a bridge's address makes to the same destination: 1,024, which every
    /// IPv6 route has that is given none.
    static let lastResortMetric: UInt32 = 1024

    /// Where containers send everything. In IPv6 it is the host's end's own link-local address,
    /// `fe80::ecee:eeff:feee:eeee`.
    package static func gateway(_ family: IPAddress.Family) -> IPAddress {
        family == .v4 ? gateway : IPAddress(linkLocalOf: hostLinkAddress)
    }
}

extension ValidTopology {
    /// A /32 or /128 behind a veth of its own for each container; the host routes to it and answers for its gateway.
    func declareRoutedContainers(of host: Host, in declaration: inout Declaration) {
        guard !host.containers.isEmpty else { return }
        declareForwarding(of: host, in: &declaration)
        if host.containerFamilies.contains(.v4) {
            // Proxy ARP answers only for what the host would route out of another link, and with no default route
            // nothing else leads to the gateway.
            let gatewayRoute = Route(IPPrefix(host: Calico.gateway), device: .loopback, scope: .link)
            declaration.declare(.route(gatewayRoute), at: host.pointer)
        }
        for block in host.blocks {
            declaration.declare(.route(blackhole(for: block)), at: host.blocksPointer)
        }
        for container in host.containers {
            declareHostEnd(of: container, on: host, in: &declaration)
            declareRoutedEnd(of: container, on: host, in: &declaration)
        }
    }

    /// Addresses of the block that no container has must not follow a default route back to where they came from.
    ///
    /// Of last resort by its metric, so that it can stand beside the route that a bridge with the same subnet has: going
    /// from bridged containers to routed ones needs both for a moment.
    private func blackhole(for block: IPPrefix) -> Route {
        Route(block, kind: .blackhole, metric: Calico.lastResortMetric)
    }

    private func declareHostEnd(of container: Container, on host: Host, in declaration: inout Declaration) {
        let link = Link(
            name: container.link,
            kind: .veth(peer: Link.Peer(netns: container.netns, name: Calico.containerLink)),
            mtu: container.mtu,
            address: Calico.hostLinkAddress,
            membership: Link.Membership.none,
            alias: mark(of: host),
            addrGenMode: Link.AddrGenMode.none,
            isUp: true
        )
        let sysctls = container.families.flatMap { routedLinkSysctls(container.link, $0) }
        let routes = container.addresses.map { address in
            Route(IPPrefix(host: address), device: container.link, scope: Self.linkRouteScope(address.family))
        }
        declaration.declare(
            [.link(link)] + sysctls.map(Resource.sysctl) + routes.map(Resource.route), at: container.pointer)
        if container.families.contains(.v6) { declareIPv6(on: link, at: container.pointer, &declaration) }
    }

    /// The kernel knows no scope of IPv6 routes.
    static func linkRouteScope(_ family: IPAddress.Family) -> Scope { family == .v4 ? .link : .global }

    /// The kernel's default `proxy_delay` of 80 would hold each container's first packet back by up to 0.8 s.
    private func routedLinkSysctls(_ link: LinkName, _ family: IPAddress.Family) -> [Sysctl] {
        let settings = Sysctl.settings(of: link.text, family)
        let forwarding = Sysctl(Sysctl.forwarding(of: link.text, family), "1")
        return switch family {
        case .v4:
            [
                forwarding,
                Sysctl("\(settings)/proxy_arp", "1"),
                Sysctl("\(settings)/rp_filter", "1"),
                Sysctl("net/ipv4/neigh/\(link)/proxy_delay", "0"),
            ]
        case .v6: [forwarding, Sysctl("\(settings)/proxy_ndp", "1")]
        }
    }

    private func declareRoutedEnd(of container: Container, on host: Host, in declaration: inout Declaration) {
        let netns = container.netns
        let device = Calico.containerLink
        declareContainerEnd(of: container, on: host, in: &declaration)
        let routes = container.families.flatMap { family in
            let gateway = Calico.gateway(family)
            let route = Route(.everything(family), via: gateway, device: device)
            // In IPv6 the link-local address's own subnet leads to the gateway.
            return family == .v6 ? [route] : [route, Route(IPPrefix(host: gateway), device: device, scope: .link)]
        }
        let addresses = container.addresses.map { address in
            Address(IPPrefix(host: address), device: device, isNoDAD: address.family == .v6)
        }
        declaration.declare(
            routes.map(Resource.route) + addresses.map(Resource.address), in: netns, at: container.pointer)
    }
}
