package import NetworkState

/// What Calico's CNI plugin and Felix settle by convention.
package enum Calico {
    /// The gateway that no link has, and that every host answers ARP for (cni-plugin, `dataplane_linux.go`).
    package static let gateway = IPAddress(v4: 0xa9fe_0101)
    /// The same on every host's end, harmless as each is a network of its own (felix, `int_dataplane.go`).
    package static let hostLinkAddress = MACAddress(bits: 0xeeee_eeee_eeee)
    package static let containerLink = LinkName(known: "eth0")
}

extension ValidTopology {
    /// A /32 behind a veth of its own for each container; the host routes to it and answers for its gateway.
    func declareRoutedContainers(of host: Host, in declaration: inout Declaration) {
        guard !host.containers.isEmpty else { return }
        declareForwarding(of: host, in: &declaration)
        // Proxy ARP answers only for what the host would route out of another link, and with no default route
        // nothing else leads to the gateway.
        let gatewayRoute = Route(IPPrefix(host: Calico.gateway), device: .loopback, scope: .link)
        declaration.declare(.route(gatewayRoute), at: host.pointer)
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
        Route(block, kind: .blackhole, metric: Route.defaultMetricV6)
    }

    private func declareHostEnd(of container: Container, on host: Host, in declaration: inout Declaration) {
        let link = Link(
            name: container.link,
            kind: .veth(peer: Link.Peer(netns: .named(container.name), name: Calico.containerLink)),
            mtu: container.mtu,
            address: Calico.hostLinkAddress,
            membership: Link.Membership.none,
            alias: mark(of: host),
            addrGenMode: Link.AddrGenMode.none,
            isUp: true
        )
        declaration.declare(.link(link), at: container.pointer)
        for sysctl in routedLinkSysctls(container.link) {
            declaration.declare(.sysctl(sysctl), at: container.pointer)
        }
        for address in container.addresses {
            let route = Route(IPPrefix(host: address), device: container.link, scope: .link)
            declaration.declare(.route(route), at: container.pointer)
        }
    }

    /// The kernel's default `proxy_delay` of 80 would hold each container's first packet back by up to 0.8 s.
    private func routedLinkSysctls(_ link: LinkName) -> [Sysctl] {
        [
            Sysctl(Sysctl.forwarding(of: link.text), "1"),
            Sysctl("net/ipv4/conf/\(link)/proxy_arp", "1"),
            Sysctl("net/ipv4/conf/\(link)/rp_filter", "1"),
            Sysctl("net/ipv4/neigh/\(link)/proxy_delay", "0"),
        ]
    }

    private func declareRoutedEnd(of container: Container, on host: Host, in declaration: inout Declaration) {
        let device = Calico.containerLink
        declareContainerEnd(of: container, on: host, in: &declaration)
        let resources: [Resource] =
            [
                .route(Route(IPPrefix(host: Calico.gateway), device: device, scope: .link)),
                .route(Route(.everything(.v4), via: Calico.gateway, device: device)),
            ] + container.addresses.map { .address(Address(IPPrefix(host: $0), device: device)) }
        for resource in resources {
            declaration.declare(resource, in: .named(container.name), at: container.pointer)
        }
    }
}
