package import NetworkState

// What a node's own packets come from.
extension ForwardingNode {
    /// What a packet of the node's own to `address` comes from: the route's choice, or else what the kernel chooses, by IPv4
    /// for whom it is given to (`fib_info_update_nhc_saddr` in net/ipv4/fib_semantics.c), by IPv6 for where it goes
    /// (`ip6_route_get_saddr` in include/net/ip6_route.h).
    package func source(to address: IPAddress) -> IPAddress? {
        if has(address) { return address }
        guard let (route, hop) = decision(to: address), route.kind == .unicast, let device = hop.device,
            let place = places[device]
        else { return nil }
        let target = address.family == .v4 ? hop.gateway ?? .any(.v4) : address
        return route.preferredSource ?? source(on: place, towards: target)
    }

    /// Of what leaves by a link; `target` is the next hop in IPv4, and where it goes in IPv6.
    func source(on place: Int, towards target: IPAddress) -> IPAddress? {
        target.family == .v4 ? sourceV4(on: place, towards: target) : sourceV6(on: place, towards: target)
    }

    /// An address of the link, of the target's subnet if there is one, or else another link's (`inet_select_addr` in
    /// net/ipv4/devinet.c).
    private func sourceV4(on place: Int, towards target: IPAddress) -> IPAddress? {
        let own = prefixes[place].lazy.filter { $0.isSource(.v4) }
        if let chosen = own.first(where: { $0.prefix.contains(target) }) ?? own.first { return chosen.prefix.address }
        return prefixes.lazy.compactMap { $0.first { $0.isSource(.v4) }?.prefix.address }.first
    }

    /// Of all links' addresses one of this link if it has any, of the target's kind, and with the longest prefix in common
    /// (RFC 6724 as `ipv6_get_saddr_eval` in net/ipv6/addrconf.c has it).
    private func sourceV6(on place: Int, towards target: IPAddress) -> IPAddress? {
        var best: (rank: (Int, Int, Int), address: IPAddress)?
        for other in links.indices where isUsable(other, .v6) {
            for entry in prefixes[other] where entry.isSource(.v6) {
                let address = entry.prefix.address
                let isOfKind = address.isUniqueLocal == target.isUniqueLocal
                let rank = (
                    other == place ? 1 : 0, isOfKind ? 1 : 0,
                    min(address.commonLength(with: target), entry.prefix.length)
                )
                if best.map({ $0.rank < rank }) ?? true { best = (rank, address) }
            }
        }
        return best?.address
    }

    /// What a question for the neighbour `target` comes from, which a packet from `source` has caused: `source` itself if it is
    /// one of the node's (`arp_solicit` in net/ipv4/arp.c), or in IPv6 the link's, and else the link's own. Without any, IPv6
    /// does not ask (`ndisc_solicit` and `ndisc_send_ns` in net/ipv6/ndisc.c).
    func inquirer(on place: Int, for target: IPAddress, from source: IPAddress) -> IPAddress? {
        if target.family == .v4 {
            return source.family == .v4 && has(source) ? source : self.source(on: place, towards: target)
        }
        let own = prefixes[place]
        if own.contains(where: { $0.prefix.address == source }) { return source }
        return own.first { $0.scope == .link && $0.prefix.family == .v6 }?.prefix.address
    }
}

extension Address {
    fileprivate func isSource(_ family: IPAddress.Family) -> Bool {
        prefix.family == family && scope.rawValue < Scope.link.rawValue
    }

    fileprivate func isSecondary(by routes: Table<Route>) -> Bool {
        guard prefix.family == .v4, let route = routes[Route(prefix.network, device: device).identity] else {
            return false
        }
        return route.protocol == .kernel && route.nextHop.device == device && route.preferredSource != prefix.address
    }
}

extension [Address] {
    /// An address of a subnet that another has brought is chosen last: what the kernel calls secondary, and the subnet's route
    /// has the other one as its source (`__inet_insert_ifa` in net/ipv4/devinet.c).
    func primaryFirst(by routes: Table<Route>) -> [Address] {
        filter { !$0.isSecondary(by: routes) } + filter { $0.isSecondary(by: routes) }
    }
}

extension IPAddress {
    /// Of `fc00::/7` (RFC 4193).
    fileprivate var isUniqueLocal: Bool { family == .v6 && bits >> 121 == 0xfc >> 1 }

    /// How many leading bits are the same in both.
    fileprivate func commonLength(with other: IPAddress) -> Int {
        (bits ^ other.bits).leadingZeroBitCount - (128 - family.width)
    }
}
