package import NetworkState

/// At which link-layer address a next hop is found, and how.
package enum NeighbourAnswer: Hashable, Sendable {
    /// By an entry of the table.
    case entry(Neighbour)
    /// By ARP or NDP: a link, by its number, whose node has the address, or answers for it.
    case link(Int, isOwner: Bool)
    /// Nobody answers.
    case silence
}

extension ForwardingNetwork {
    /// Who answers when `link`'s node asks for `target` by it; `source` is what the question comes from, and IPv6 asks nobody
    /// without.
    func answer(to target: IPAddress, on link: Int, source: IPAddress?) -> NeighbourAnswer {
        let (node, place) = (nodes[owner(of: link)], self.place(of: link))
        if let entry = node.neighbours[Neighbour.Identity(device: node.links[place].name, address: target)] {
            return .entry(entry)
        }
        guard node.links[place].hasNeighbours, target.family == .v4 || source != nil else { return .silence }
        // A kernel drops a question that it takes to come from elsewhere (`arp_process` in net/ipv4/arp.c asks
        // `ip_route_input`).
        let owner = holder(of: target, around: link) { other in
            if target.family == .v6 { return isDiscovered(other, target, by: link, source) }
            return source.map { refusal(ofSource: $0, by: other) == nil } ?? true
        }
        if let owner { return .link(owner, isOwner: true) }
        guard target.family == .v4 else { return .silence }
        let proxies = proxies(around: link)
        if let found = proxies.first(where: { refusal(ofProxy: $0, for: target, source) == nil }) {
            return .link(found, isOwner: false)
        }
        return .silence
    }

    /// Why somebody does nothing of what was asked, and by which setting, if by one.
    struct Refusal {
        let reason: String
        var setting: Sysctl?
    }

    /// Why a link that is told to answer for others does not; nil if it does (`arp_process` and `arp_fwd_proxy` in
    /// net/ipv4/arp.c).
    func refusal(ofProxy link: Int, for target: IPAddress, _ source: IPAddress?) -> Refusal? {
        let (node, place) = (nodes[owner(of: link)], self.place(of: link))
        let settings = node.links[place].settings
        guard node.links[place].isUp else { return Refusal(reason: "the link is down") }
        if let source, let reason = refusal(ofSource: source, by: link) { return Refusal(reason: reason) }
        guard settings.forwards else {
            let setting = Sysctl(Sysctl.forwarding(of: node.links[place].name.text), "0")
            return Refusal(reason: "it does not forward what comes in by that link", setting: setting)
        }
        let way = node.decision(to: target, from: source, incoming: node.links[place].name)
        guard let (route, hop) = way, route.kind == .unicast, let device = hop.device, let out = node.places[device]
        else { return Refusal(reason: "it has no route to \(target)") }
        if out == place {
            return settings.proxiesPrivateVLAN
                ? nil : Refusal(reason: "its route to \(target) leads out of the same link")
        }
        guard settings.proxiesARP else { return refusal("proxy_arp", 0, of: link) }
        if settings.mediumID == 0 { return nil }
        let other = node.links[out].settings.mediumID
        let isAnother = settings.mediumID != -1 && other != settings.mediumID && other != -1
        return isAnother ? nil : refusal("medium_id", settings.mediumID, of: link)
    }

    private func refusal(_ name: String, _ value: Int, of link: Int) -> Refusal {
        let key = "\(Sysctl.settings(of: self.link(link).name.text, .v4))/\(name)"
        return Refusal(reason: "\(name) is \(value)", setting: Sysctl(key, "\(value)"))
    }

    /// Why `link`'s node takes no packet from `source` by it; nil if it does (`fib_validate_source` in
    /// net/ipv4/fib_frontend.c).
    ///
    /// - `destination`, `outgoing`: of the packet, and of a link that it goes on by: the way back is asked for the other way round.
    func refusal(
        ofSource source: IPAddress, by link: Int, to destination: IPAddress? = nil, outgoing: LinkName? = nil
    ) -> String? {
        if reversePathFilter(of: link) == 0 && !mayBeOwn(source, by: link) { return nil }
        let (node, place) = (nodes[owner(of: link)], self.place(of: link))
        let settings = node.links[place].settings
        if node.has(source) {
            return settings.acceptsLocalSources ? nil : "it comes from \(source), an address of the node's own"
        }
        guard settings.reversePathFilter > 0 else { return nil }
        let way = node.decision(to: source, from: destination, incoming: outgoing)
        guard let (route, hop) = way, route.kind == .unicast else {
            return "rp_filter: no route leads back to \(source)"
        }
        let name = node.links[place].name
        if ([hop] + route.otherNextHops + [route.nextHop]).contains(where: { $0.device == name }) { return nil }
        let words = "rp_filter: the way back to \(source) is dev \(hop.device?.text ?? "lo")"
        // A link without addresses is held to be strict whatever is said.
        let hasAddress = node.prefixes[place].contains { $0.prefix.family == .v4 }
        return settings.reversePathFilter == 1 || !hasAddress ? words : nil
    }

    /// Whether a packet that comes in by `link` from `source` may seem to come from its node itself.
    func mayBeOwn(_ source: IPAddress, by link: Int) -> Bool {
        source.isLoopback || isHome(owner(of: link), of: source)
            || hasLocalSubnets && nodes[owner(of: link)].has(source)
    }
}
