package import NetworkState

/// What Docker settles by convention.
enum Docker {
    static let bridge = LinkName(known: "docker0")
}

extension ValidTopology {
    /// A bridge that holds the gateway of each of the host's subnets, and a port of it for each container.
    func declareBridgedContainers(of host: Host, in declaration: inout Declaration) {
        guard !host.containers.isEmpty else { return }
        declareForwarding(of: host, in: &declaration)
        declareBridge(of: host, in: &declaration)
        for container in host.containers {
            declarePort(of: container, on: host, in: &declaration)
            declareBridgedEnd(of: container, on: host, in: &declaration)
        }
    }

    private func declareBridge(of host: Host, in declaration: inout Declaration) {
        let link = Link(
            name: Docker.bridge, kind: .bridge, mtu: mtu, address: bridgeLinkAddress(of: host), alias: mark(of: host),
            addrGenMode: Link.AddrGenMode.none, isUp: true)
        declaration.declare(.link(link), at: host.pointer)
        for family in host.containerFamilies {
            let forwarding = Sysctl(Sysctl.forwarding(of: Docker.bridge.text, family), "1")
            declaration.declare(.sysctl(forwarding), at: host.pointer)
        }
        if host.blocks.contains(where: { $0.family == .v6 }) {
            declareIPv6(on: link, at: host.pointer, &declaration)
        }
        for block in host.blocks {
            guard let gateway = block.gatewayAddress else { continue }
            let address = Address(gateway, device: Docker.bridge, isNoDAD: block.family == .v6)
            declaration.declare(.address(address), at: host.blocksPointer)
        }
    }

    /// Of the bridge, by which its containers know their gateway.
    func bridgeLinkAddress(of host: Host) -> MACAddress {
        MACAddress(seed: "\(name)/\(host.name)/\(Docker.bridge)")
    }

    private func declarePort(of container: Container, on host: Host, in declaration: inout Declaration) {
        let link = Link(
            name: container.link,
            kind: .veth(peer: Link.Peer(netns: container.netns, name: Calico.containerLink)),
            mtu: container.mtu,
            address: MACAddress(seed: "\(name)/\(host.name)/\(container.link)"),
            membership: .port(of: Docker.bridge),
            alias: mark(of: host),
            addrGenMode: Link.AddrGenMode.none,
            isUp: true)
        declaration.declare(.link(link), at: container.pointer)
    }

    private func declareBridgedEnd(of container: Container, on host: Host, in declaration: inout Declaration) {
        let netns = container.netns
        declareContainerEnd(of: container, on: host, in: &declaration)
        // Else a new address beside the old one of the same subnet would go with it (`__inet_del_ifa` in
        // net/ipv4/devinet.c).
        let promotion = Sysctl("net/ipv4/conf/\(Calico.containerLink)/promote_secondaries", "1")
        declaration.declare(.sysctl(promotion), in: netns, at: container.pointer)
        for address in container.addresses {
            guard let block = host.blocks.first(where: { $0.contains(address) }), let gateway = block.gatewayAddress,
                let prefix = IPPrefix(address, length: block.length)
            else { continue }
            let resources: [Resource] = [
                .address(Address(prefix, device: Calico.containerLink, isNoDAD: address.family == .v6)),
                .route(Route(.everything(address.family), via: gateway.address, device: Calico.containerLink)),
            ]
            for resource in resources { declaration.declare(resource, in: netns, at: container.pointer) }
        }
    }
}

extension ValidTopology.Host {
    /// Of its bridge, in models that have one.
    package var gateways: [IPAddress] { blocks.compactMap { $0.gatewayAddress?.address } }
}

extension IPPrefix {
    /// The bridge's address in this block, with the block's length.
    fileprivate var gatewayAddress: IPPrefix? { firstUsable.flatMap { IPPrefix($0, length: length) } }
}
