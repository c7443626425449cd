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
        declaration.declare(.sysctl(Sysctl(Sysctl.forwarding, "1")), at: host.pointer)
        // Proxy ARP answers only for what the host would route out of another link, and with no default route
        // nothing else leads to the gateway.
        let gatewayRoute = Route(IPPrefix(host: Calico.gateway), device: .loopback, scope: .link)
        declaration.declare(.route(gatewayRoute), at: host.pointer)
        for block in host.blocks {
            // Addresses of the block that no container has must not follow a default route back to where they
            // came from.
            declaration.declare(.route(Route(block, kind: .blackhole)), at: host.blocksPointer)
        }
        for container in host.containers {
            declareHostEnd(of: container, on: host, in: &declaration)
            declareContainerEnd(of: container, on: host, in: &declaration)
        }
    }

    private func declareHostEnd(of container: Container, on host: Host, in declaration: inout Declaration) {
        let link = Link(
            name: container.link,
            kind: .veth(peer: Link.Peer(netns: .named(container.name), name: Calico.containerLink)),
            mtu: container.mtu,
            address: Calico.hostLinkAddress,
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

    private func declareContainerEnd(of container: Container, on host: Host, in declaration: inout Declaration) {
        let netns = Netns.named(container.name)
        let device = Calico.containerLink
        let link = Link(
            name: device,
            kind: .veth(peer: Link.Peer(netns: .own, name: container.link)),
            mtu: container.mtu,
            address: linkLayerAddress(of: container, on: host),
            alias: mark(of: host),
            addrGenMode: Link.AddrGenMode.none,
            isUp: true
        )
        let resources: [Resource] =
            [
                .netns,
                .link(Link(name: .loopback, kind: .loopback, isUp: true)),
                .link(link),
                .route(Route(IPPrefix(host: Calico.gateway), device: device, scope: .link)),
                .route(Route(.everything(.v4), via: Calico.gateway, device: device)),
            ] + container.addresses.map { .address(Address(IPPrefix(host: $0), device: device)) }
        for resource in resources {
            declaration.declare(resource, in: netns, at: container.pointer)
        }
    }

    /// Of the container's own end: the author's choice, or one that follows from its names alone.
    func linkLayerAddress(of container: Container, on host: Host) -> MACAddress {
        container.mac ?? MACAddress(seed: "\(name)/\(host.name)/\(container.name)/\(Calico.containerLink)")
    }
}
