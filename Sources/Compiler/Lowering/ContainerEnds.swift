import NetworkState

// What a container's namespace and its host have in every model.
extension ValidTopology {
    /// Hosts are their containers' routers.
    func declareForwarding(of host: Host, in declaration: inout Declaration) {
        for family in host.containerFamilies {
            declaration.declare(.sysctl(Sysctl(Sysctl.forwarding(family), "1")), at: host.pointer)
        }
    }

    /// The container's namespace with its own end of the veth pair, as yet without addresses but the link's own.
    func declareContainerEnd(of container: Container, on host: Host, in declaration: inout Declaration) {
        let netns = container.netns
        let link = Link(
            name: Calico.containerLink,
            kind: .veth(peer: Link.Peer(netns: .own, name: container.link)),
            mtu: container.mtu,
            address: linkLayerAddress(of: container, on: host),
            alias: mark(of: host),
            addrGenMode: Link.AddrGenMode.none,
            isUp: true
        )
        if container.workload == nil {
            declaration.declare(.netns, in: netns, at: container.pointer)
        } else {
            declaration.expect(container.name, in: netns, at: container.pointer)
        }
        let loopback = Link(name: .loopback, kind: .loopback, isUp: true)
        declaration.declare([.link(loopback), .link(link)], in: netns, at: container.pointer)
        if container.families.contains(.v6) {
            declareIPv6(on: link, in: netns, at: container.pointer, &declaration)
        }
    }

    /// Of the container's own end: the author's choice, or one that follows from its names alone.
    func linkLayerAddress(of container: Container, on host: Host) -> MACAddress {
        container.mac ?? MACAddress(seed: "\(name)/\(host.name)/\(container.name)/\(Calico.containerLink)")
    }
}
