import NetworkState

// What a node does with what it is to send on.
extension ModelWalk {
    mutating func leave(_ departure: Departure) -> Turn {
        var departure = departure
        let index = departure.node
        if departure.incoming == nil {
            departure.answering = restoreDestination(at: index)
            if departure.answering == nil { translateDestination(at: index, .output, incoming: nil) }
            if let turn = filter(at: index, .output, incoming: nil, outgoing: nil) { return turn }
            // Nobody sends from an address that it does not have.
            guard node(index).has(packet.header.source) else {
                return end(.filtered, at: index, "\(packet.header.source) is no address of this node's")
            }
            if node(index).has(packet.header.destination) {
                visit(index)
                return deliver(at: index)
            }
        }
        let destination = packet.header.destination
        let incoming = departure.incoming.map { network.link($0).name }
        let source = packet.header.source
        let decision = node(index).decision(to: destination, via: departure.device, from: source, incoming: incoming)
        guard let (route, hop) = decision else { return endWithoutRoute(to: destination, at: index) }
        if route.table == ForwardingNode.tableOfRules {
            let rule = node(index).endingRule(to: destination, via: departure.device, from: source, incoming: incoming)
            return endBy(rule, route, index)
        }
        note(.routes(to: destination, by: route), at: index)
        rely(on: .route(route), at: index)
        guard route.kind == .unicast, let device = hop.device, let link = network.number(of: device, at: index) else {
            return endAt(route, index)
        }
        return send(departure, route, hop, by: link)
    }

    private func endWithoutRoute(to destination: IPAddress, at index: Int) -> Turn {
        guard let dead = node(index).deadRoute(to: destination), let device = dead.nextHop.device,
            let place = node(index).places[device]
        else { return end(.noRoute, at: index, "no route to \(destination)") }
        let link = node(index).links[place].link
        return end(.noRoute, at: index, "no route to \(destination): \(device) is down", by: .link(link))
    }

    private func endAt(_ route: Route, _ index: Int) -> Turn {
        let words = "\(route.kind.word) route to \(route.destination.destinationText)"
        let disposition: Disposition = route.kind == .blackhole ? .blackholed : .noRoute
        return end(disposition, at: index, "a \(words)", by: .route(route))
    }

    private func endBy(_ rule: PolicyRule?, _ route: Route, _ index: Int) -> Turn {
        let disposition: Disposition = route.kind == .blackhole ? .blackholed : .noRoute
        return end(disposition, at: index, "a rule of routing (ip rule), \(rule?.description ?? route.kind.word)")
    }

    func expire(at index: Int) -> Turn {
        end(.loop, at: index, "its time to live is used up")
    }

    private mutating func send(
        _ departure: Departure, _ route: Route, _ hop: Route.NextHop, by link: Int
    ) -> Turn {
        let index = departure.node
        if let incoming = departure.incoming {
            if let reason = refusal(by: incoming, outgoing: network.link(link).name) {
                return refuse(reason, by: incoming)
            }
            relyOnSource(by: incoming)
            guard packet.header.timeToLive > 1 else { return expire(at: index) }
            countHop()
            if let turn = filter(at: index, .forward, incoming: incoming, outgoing: link) { return turn }
        }
        let limit = min(Int(route.mtu ?? .max), network.link(link).mtu)
        guard packet.header.length <= limit || mayBeCut(departure) else {
            return end(
                .tooBig(mtu: limit), at: index,
                "\(packet.header.length) bytes do not fit into \(network.name(of: link)), and \(limit) do",
                by: route.mtu.map { Int($0) } == limit ? .route(route) : .link(network.link(link).link))
        }
        if let answering = departure.answering {
            restoreSource(of: answering, at: index)
        } else {
            translateSource(at: index, by: link, towards: hop.gateway ?? packet.header.destination)
        }
        return transmit(by: link, route, hop)
    }

    /// Routers cut no packets of IPv6, and of IPv4 those that may be.
    private func mayBeCut(_ departure: Departure) -> Bool {
        packet.header.mayBeFragmented && (family == .v4 || departure.incoming == nil)
    }

    private mutating func transmit(by link: Int, _ route: Route, _ hop: Route.NextHop) -> Turn {
        let index = network.owner(of: link)
        rely(onLink: link)
        let target = hop.gateway ?? packet.header.destination
        switch network.link(link).link.kind {
        case .loopback:
            return end(.blackholed, at: index, "nobody takes it from the loopback link", by: .route(route))
        case .ipip: return wrapInIP(by: link, to: target, route)
        case .tun: return wrapInUDP(by: link)
        case .vxlan, .veth, .bridge, .other, nil: return handOver(by: link, to: target)
        }
    }
}

// What goes into tunnels.
extension ModelWalk {
    private mutating func wrapInIP(by link: Int, to target: IPAddress, _ route: Route) -> Turn {
        let index = network.owner(of: link)
        pass(link, nil, at: index) { .sends($0) }
        guard target.family == .v4, let source = node(index).source(to: target) else {
            return end(.noRoute, at: index, "no route to \(target), where the tunnel ends", by: .route(route))
        }
        return wrap(in: .ipip, from: source, to: target, nil, by: link, device: nil)
    }

    private mutating func wrapInUDP(by link: Int) -> Turn {
        let index = network.owner(of: link)
        pass(link, nil, at: index) { .sends($0) }
        let destination = packet.header.destination
        guard let table = node(index).overlay, table.overlay.device == network.link(link).name else {
            return end(.filtered, at: index, "no forwarder reads from \(network.name(of: link))")
        }
        guard let peer = table.node(behindWhich: destination) else {
            return end(.noRoute, at: index, "the forwarder knows nobody behind whom \(destination) is")
        }
        guard packet.header.timeToLive > 1 else { return expire(at: index) }
        countHop()
        return wrap(
            in: .udp(port: table.overlay.port), from: table.overlay.node, to: peer, nil, by: link, device: nil)
    }

    /// Into a frame that goes to where the link's table has its address.
    mutating func wrapInVXLAN(by link: Int, _ vxlan: Link.VXLAN, _ frame: ModelPacket.LinkLayer) -> Turn {
        let index = network.owner(of: link)
        pass(link, frame, at: index) { .sends($0) }
        let device = network.link(link).name
        let known = frame.destination.flatMap {
            node(index).fdb[ForwardingEntry.Identity(device: device, linkLayerAddress: $0)]
        }
        guard let entry = known ?? network.defaultRemote(of: link) else {
            let address = frame.destination.map { "\($0)" } ?? "it"
            return end(.neighbourUnreachable, at: index, "\(device) has no entry for \(address) in its table (fdb)")
        }
        note(.finds(entry), at: index)
        rely(on: .fdb(entry), at: index)
        guard let source = vxlan.local ?? node(index).source(to: entry.remote) else {
            return end(.noRoute, at: index, "no route to \(entry.remote), where the tunnel ends", by: .fdb(entry))
        }
        return wrap(
            in: .vxlan(id: vxlan.id, port: vxlan.port), from: source, to: entry.remote, frame, by: link,
            device: vxlan.parent)
    }

    private mutating func wrap(
        in tunnel: ModelTunnel, from source: IPAddress, to destination: IPAddress, _ frame: ModelPacket.LinkLayer?,
        by link: Int, device: LinkName?
    ) -> Turn {
        let index = network.owner(of: link)
        let way = node(index).decision(to: destination, via: device, from: source)
        if let way, way.hop.device == network.link(link).name {
            return end(.loop, at: index, "the tunnel's own packets would go into the tunnel", by: .route(way.route))
        }
        guard packet.depth < Self.envelopeLimit else {
            return end(.loop, at: index, "it is in more envelopes than a kernel puts around a packet")
        }
        packet.wrap(in: tunnel, from: source, to: destination, frame)
        note(.enters(tunnel, from: source, to: destination), at: index)
        return .leave(Departure(node: index, device: device))
    }
}
