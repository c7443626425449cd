import NetworkState

extension ValidTopology {
    /// A plain route for every block of every other host, and for every address that its containers have borrowed, via
    /// that host's address on a segment they share. A borrowed address is more to the point than the block it is in, on
    /// the block's own host too.
    func declarePeerRoutes(of host: Host, in declaration: inout Declaration) {
        for peer in hosts where peer.name != host.name {
            let destinations =
                peer.blocks.map { ($0, peer.blocksPointer) }
                + peer.borrowed.map { (IPPrefix(host: $0.address), $0.pointer) }
            for (destination, pointer) in destinations {
                guard let way = way(from: host, to: peer, destination.family) else { continue }
                let route = Route(
                    destination, via: way.gateway, device: way.device, isOnLink: true, protocol: peerRouteProtocol)
                declaration.declare(.route(route), at: pointer)
            }
        }
    }

    /// The first link of `host` on a segment where `peer` has an address of `family` too, and that address.
    func way(
        from host: Host, to peer: Host, _ family: IPAddress.Family
    ) -> (device: LinkName, gateway: IPAddress)? {
        for uplink in host.uplinks where uplink.address(family) != nil {
            let shared = peer.uplinks.first { $0.segment == uplink.segment && $0.address(family) != nil }
            if let gateway = shared?.address(family) { return (uplink.name, gateway) }
        }
        return nil
    }
}
