import NetworkState

// What a node does with what comes in.
extension ModelWalk {
    mutating func arrive(by link: Int, _ frame: ModelPacket.LinkLayer?) -> Turn {
        let index = network.owner(of: link)
        pass(link, frame, at: index) { .receives($0) }
        rely(onLink: link)
        guard node(index).isUsable(network.place(of: link), family) else {
            return end(.filtered, at: index, "\(network.name(of: link)) takes no \(family.word)")
        }
        let answering = restoreDestination(at: index) ?? nil
        if answering == nil { translateDestination(at: index, .prerouting, incoming: link) }
        if node(index).has(packet.header.destination) { return take(by: link, answering) }
        return forward(by: link, answering)
    }

    private mutating func take(by link: Int, _ answering: TrackedConnections.Connection?) -> Turn {
        let index = network.owner(of: link)
        if let reason = refusal(by: link) {
            return refuse(reason, by: link)
        }
        relyOnSource(by: link)
        rely(onAddress: packet.header.destination, at: index)
        if let turn = filter(at: index, .input, incoming: link, outgoing: nil) { return turn }
        if case .tunnel(let tunnel) = packet.header.content { return unwrap(tunnel, at: index) }
        if let answering { restoreSource(of: answering, at: index) }
        return deliver(at: index)
    }

    mutating func deliver(at index: Int) -> Turn {
        note(.arrives, at: index)
        let header = packet.header
        let isSame = header.source == original.source && header.destination == original.destination
        return end(isSame ? .delivered : .translated, at: index, "")
    }

    private mutating func forward(by link: Int, _ answering: TrackedConnections.Connection?) -> Turn {
        let index = network.owner(of: link)
        var key: String {
            family == .v4 ? Sysctl.forwarding(of: network.link(link).name.text) : Sysctl.forwarding(.v6)
        }
        let forwards = family == .v4 ? network.link(link).settings.forwards : node(index).forwardsIPv6
        let departure = Departure(node: index, incoming: link, answering: answering)
        guard forwards else {
            // IPv6 looks for a route before it asks whether it may forward, and tells where there is none (`ip6_pkt_discard`
            // in net/ipv6/route.c, `ip6_forward` in net/ipv6/ip6_output.c).
            if family == .v6, !node(index).leadsOn(to: packet.header.destination) { return leave(departure) }
            let reason =
                "it is for \(packet.header.destination), and this node does not forward what comes in by that link"
            return end(.filtered, at: index, reason, by: .sysctl(Sysctl(key, "0")))
        }
        if family == .v4 { rely(onSetting: Sysctl.forwarding, "1", at: index) }
        if isRecorded {
            let setting = Sysctl(key, "1")
            rely(on: .sysctl(setting), at: index)
        }
        return leave(departure)
    }

    /// Why the packet is not taken from `link`, for where it comes from.
    /// - `outgoing`: the link that it goes on by.
    mutating func refusal(by link: Int, outgoing: LinkName? = nil) -> String? {
        guard family == .v4 else { return nil }
        if network.reversePathFilter(of: link) > 0 || network.mayBeOwn(packet.header.source, by: link) {
            hasReadSource = true
        }
        let (source, destination) = (packet.header.source, packet.header.destination)
        return network.refusal(ofSource: source, by: link, to: destination, outgoing: outgoing)
    }

    /// Whatever the kernel holds against where a packet comes from.
    func refuse(_ reason: String, by link: Int) -> Turn {
        let index = network.owner(of: link)
        let (node, source) = (node(index), packet.header.source)
        if node.has(source), let place = node.addresses[source]?.first,
            let address = node.prefixes[place].first(where: { $0.prefix.address == source })
        {
            return end(.filtered, at: index, reason, by: .address(address))
        }
        let decider = node.decision(to: source).map { Resource.route($0.route) }
        return end(.filtered, at: index, reason, by: decider)
    }

    /// A strict filter lets in by the route back.
    mutating func relyOnSource(by link: Int) {
        if !isRecorded { return }
        let index = network.owner(of: link)
        guard family == .v4, network.link(link).settings.reversePathFilter > 0,
            let (route, _) = node(index).decision(to: packet.header.source)
        else { return }
        rely(on: .route(route), at: index)
    }

    mutating func rely(onAddress address: IPAddress, at index: Int) {
        if !isRecorded { return }
        guard let place = node(index).addresses[address]?.first,
            let entry = node(index).prefixes[place].first(where: { $0.prefix.address == address })
        else { return }
        rely(on: .address(entry), at: index)
    }
}

// What comes out of tunnels.
extension ModelWalk {
    private mutating func unwrap(_ tunnel: ModelTunnel, at index: Int) -> Turn {
        guard let link = end(of: tunnel, at: index) else {
            let stump = stump(of: tunnel, at: index)
            let state = stump == nil ? "is here" : "is up"
            return end(.filtered, at: index, "no link that takes \(tunnel.text) \(state)", by: stump.map(Resource.link))
        }
        let outer = packet.header
        let frame = packet.unwrap()
        note(.leaves(tunnel, from: outer.source, to: outer.destination), at: index)
        if case .udp = tunnel { return takeOut(of: outer, by: link, at: index) }
        if let wanted = frame?.destination, let own = network.link(link).link.address, wanted != own {
            let reason = "the frame is for \(wanted), and \(network.name(of: link)) is \(own)"
            rely(onLink: link)
            return end(.neighbourUnreachable, at: index, reason, by: .link(network.link(link).link))
        }
        return .arrive(link: link, frame)
    }

    /// A forwarder takes packets of its peers alone, for what is behind its own host, and is a hop of its own.
    private mutating func takeOut(of outer: ModelPacket.Header, by link: Int, at index: Int) -> Turn {
        guard let table = node(index).overlay, table.knows(outer.source) else {
            return end(.filtered, at: index, "the forwarder knows no peer \(outer.source)")
        }
        guard table.isLocal(packet.header.destination) else {
            return end(.filtered, at: index, "\(packet.header.destination) is not behind this host's forwarder")
        }
        guard packet.header.timeToLive > 1 else { return expire(at: index) }
        countHop()
        return .arrive(link: link, nil)
    }

    /// The link that is up and takes what comes in so.
    private func end(of tunnel: ModelTunnel, at index: Int) -> Int? {
        let node = node(index)
        let place = node.links.firstIndex { $0.isUp && $0.takes(tunnel, node.overlay) }
        return place.map { network.number(of: $0, at: index) }
    }

    /// The same where it is down.
    private func stump(of tunnel: ModelTunnel, at index: Int) -> Link? {
        let node = node(index)
        return node.links.first { $0.takes(tunnel, node.overlay) }?.link
    }
}

extension ForwardingLink {
    fileprivate func takes(_ tunnel: ModelTunnel, _ overlay: OverlayTable?) -> Bool {
        switch tunnel {
        case .vxlan(let id, let port): vxlan?.id == id && vxlan?.port == port
        case .ipip: link.kind == .ipip
        case .udp(let port): overlay?.overlay.device == name && overlay?.overlay.port == port
        }
    }
}
