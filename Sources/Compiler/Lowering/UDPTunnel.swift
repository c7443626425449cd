package import NetworkState

/// What Flannel settles for its UDP mode (flannel, `pkg/backend/udp/udp_amd64.go`).
package enum FlannelUDP {
    package static let device = LinkName(known: "flannel0")
    package static let port: UInt16 = 8285
}

extension ValidTopology {
    /// A TUN link that a forwarder reads from, with the whole overlay network behind it: which host a packet is for is
    /// the forwarder's to know.
    func declareUDPTunnel(of host: Host, in declaration: inout Declaration) {
        guard !host.blocks.isEmpty else { return }
        let device = FlannelUDP.device
        let link = Link(
            name: device, kind: .tun, mtu: mtu, alias: mark(of: host), addrGenMode: Link.AddrGenMode.none, isUp: true)
        declareTunnel(link, of: host, in: &declaration)
        for pool in overlayPools where host.tunnelAddress(pool.family) != nil {
            let route = Route(
                pool, device: device, scope: Self.linkRouteScope(pool.family), protocol: peerRouteProtocol)
            declaration.declare(.route(route), at: networkPointer)
        }
    }

    /// The pools that hold containers alone: a route to one that has hosts' own addresses in it would send the tunnel's
    /// packets into the tunnel.
    private var overlayPools: [IPPrefix] {
        let underlay = segments.flatMap(\.subnets)
        return pools.filter { pool in !underlay.contains { $0.overlaps(pool) } }
    }

    /// Whether the route to a pool leads `host` to `destination`, so that it needs none of its own.
    func isOverlay(_ destination: IPPrefix, of host: Host) -> Bool {
        overlayPools.contains { $0.contains(destination) } && !host.blocks.contains { $0.contains(destination) }
    }
}
