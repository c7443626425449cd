import NetworkState

extension ValidTopology {
    /// How packets for a peer's containers leave a host.
    struct Way: Hashable {
        let device: LinkName
        /// Nil where what stands behind the device finds its way by itself.
        let gateway: IPAddress?
    }

    /// A route for every block of every other host, and for every address that one of its containers has borrowed.
    func declarePeerRoutes(of host: Host, in declaration: inout Declaration) {
        if model.encapsulation == .isolated { return }
        var routes: [Located<Route>] = []
        for peer in hosts where peer.name != host.name {
            for block in peer.blocks {
                guard let route = route(from: host, to: peer, for: block) else { continue }
                routes.append(Located(value: route, pointer: peer.blocksPointer))
            }
            for borrowed in peer.borrowed {
                guard let route = route(from: host, to: peer, for: IPPrefix(host: borrowed.address)) else { continue }
                routes.append(Located(value: route, pointer: borrowed.pointer))
            }
        }
        declaration.declare(routes)
    }

    /// Where packets for some of `peer`'s containers go; nil where there is no way.
    private func route(from host: Host, to peer: Host, for destination: IPPrefix) -> Route? {
        way(from: host, to: peer, for: destination).map { way in
            Route(
                destination, via: way.gateway, device: way.device, isOnLink: way.gateway != nil,
                scope: way.gateway == nil ? Self.linkRouteScope(destination.family) : .global,
                protocol: peerRouteProtocol)
        }
    }

    /// Whether some packets from `host` to `peer` go inside others.
    func isTunnelled(from host: Host, to peer: Host) -> Bool {
        guard model.isTunnel else { return false }
        return model.when == .always
            || peer.blocks.contains { directWay(from: host, to: peer, $0.family) == nil }
    }

    /// Nil where there is none.
    func way(from host: Host, to peer: Host, for destination: IPPrefix) -> Way? {
        let family = destination.family
        if model.encapsulation == .none || model.when == .crossSubnet,
            let way = directWay(from: host, to: peer, family)
        {
            return way
        }
        guard let own = nodeAddress(of: host), let other = nodeAddress(of: peer), own.family == other.family else {
            return nil
        }
        switch model.encapsulation {
        case .vxlan:
            guard host.tunnelAddress(family) != nil, let gateway = peer.tunnelAddress(family) else { return nil }
            return Way(device: model.vxlanConvention.device, gateway: gateway)
        case .ipip: return Way(device: IPIPConvention.device, gateway: other)
        case .udp: return isOverlay(destination, of: host) ? nil : Way(device: FlannelUDP.device, gateway: nil)
        case .none, .isolated: return nil
        }
    }

    /// The first link of `host` on a segment where `peer` has an address of `family` too, and that address.
    private func directWay(from host: Host, to peer: Host, _ family: IPAddress.Family) -> Way? {
        for uplink in host.uplinks {
            for other in peer.uplinks where other.segment == uplink.segment {
                if let gateway = other.addresses.first(where: { $0.family == family }) {
                    return Way(device: uplink.name, gateway: gateway.address)
                }
            }
        }
        return nil
    }
}
