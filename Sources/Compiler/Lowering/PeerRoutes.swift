import NetworkState

extension ValidTopology {
    /// A plain route for every block of every other host, via that host's address on a segment they share.
    func declarePeerRoutes(of host: Host, in declaration: inout Declaration) {
        for peer in hosts where peer.name != host.name && !peer.blocks.isEmpty {
            guard let way = way(from: host, to: peer) else { continue }
            for block in peer.blocks {
                let route = Route(
                    block, via: way.gateway, device: way.device, isOnLink: true, protocol: peerRouteProtocol)
                declaration.declare(.route(route), at: peer.blocksPointer)
            }
        }
    }

    /// The first link of `host` on a segment that `peer` is on too, and the address that `peer` has there.
    func way(from host: Host, to peer: Host) -> (device: LinkName, gateway: IPAddress)? {
        for uplink in host.uplinks {
            let shared = peer.uplinks.first { $0.segment == uplink.segment }
            if let gateway = shared?.addresses.first?.address { return (uplink.name, gateway) }
        }
        return nil
    }
}
