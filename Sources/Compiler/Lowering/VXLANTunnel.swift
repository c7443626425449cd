import NetworkState

extension NetworkModel {
    /// What Calico, and with bridges Flannel, call and number their VXLAN links (felix, `config_params.go`; flannel,
    /// `pkg/backend/vxlan/vxlan.go`, which takes the port that Linux had before IANA gave out 4789).
    var vxlanConvention: (device: LinkName, id: UInt32, port: UInt16) {
        switch attachment {
        case .routed: (LinkName(known: "vxlan.calico"), 4096, 4789)
        case .bridged: (LinkName(known: "flannel.1"), 1, 8472)
        }
    }
}

extension ValidTopology {
    /// A VXLAN link with an address of its own, and for each peer behind it the two entries that take a packet there:
    /// the peer's link by its address, and the peer's host by its link.
    ///
    /// All entries are known beforehand, so nothing is ever flooded or learnt. Routes come last: one without its entries
    /// would make the kernel ask for the gateway by ARP.
    func declareVXLANTunnel(of host: Host, in declaration: inout Declaration) {
        guard let local = nodeAddress(of: host), !host.blocks.isEmpty else { return }
        let (device, id, port) = model.vxlanConvention
        // With several links the route to a peer decides over which a packet leaves.
        let parent = host.uplinks.count == 1 ? host.uplinks[0].name : nil
        let link = Link(
            name: device, kind: .vxlan(Link.VXLAN(id: id, local: local, parent: parent, port: port)),
            mtu: mtu, address: tunnelLinkAddress(of: host), alias: mark(of: host), addrGenMode: Link.AddrGenMode.none,
            isUp: true)
        declareTunnel(link, of: host, in: &declaration)
        for peer in hosts where peer.name != host.name && !peer.blocks.isEmpty {
            guard isTunnelled(from: host, to: peer), let remote = nodeAddress(of: peer), remote.family == local.family
            else { continue }
            declareWay(to: peer, at: remote, over: device, in: &declaration)
        }
    }

    private func declareWay(
        to peer: Host, at remote: IPAddress, over device: LinkName, in declaration: inout Declaration
    ) {
        let address = tunnelLinkAddress(of: peer)
        for gateway in IPAddress.Family.allCases.compactMap(peer.tunnelAddress) {
            let neighbour = Neighbour(gateway, device: device, linkLayerAddress: address)
            declaration.declare(.neighbour(neighbour), at: peer.blocksPointer)
        }
        declaration.declare(.fdb(ForwardingEntry(address, device: device, remote: remote)), at: peer.blocksPointer)
    }

    /// Of a host's end of the tunnel: it follows from names alone, so that every host knows every other's.
    private func tunnelLinkAddress(of host: Host) -> MACAddress {
        MACAddress(seed: "\(name)/\(host.name)/\(model.vxlanConvention.device)")
    }

    /// What every tunnel has: a link, the host's address in the overlay on it, and leave to forward what comes out of it.
    func declareTunnel(_ link: Link, of host: Host, in declaration: inout Declaration) {
        declaration.declare(.link(link), at: host.pointer)
        // Turning a host's forwarding on does so for the links that it has, a kernel's own like its uplinks. What they
        // had before must not come back while the host still forwards, when it changes to a model without this tunnel.
        for family in host.containerFamilies where !link.isMadeByKernel {
            let forwarding = Sysctl(Sysctl.forwarding(of: link.name.text, family), "1")
            declaration.declare(.sysctl(forwarding), at: host.pointer)
        }
        if host.tunnelAddress(.v6) != nil { declareIPv6(on: link, at: host.pointer, &declaration) }
        for address in IPAddress.Family.allCases.compactMap(host.tunnelAddress) {
            let address = Address(IPPrefix(host: address), device: link.name, isNoDAD: address.family == .v6)
            declaration.declare(.address(address), at: host.blocksPointer)
        }
    }
}
