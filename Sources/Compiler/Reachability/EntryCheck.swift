import NetworkState

/// What entries of a namespace lack to be of any use, whether or not somebody's packets need them at present.
struct EntryCheck {
    private let network: ForwardingNetwork
    private let topology: ValidTopology

    init(_ network: ForwardingNetwork, _ topology: ValidTopology) {
        self.network = network
        self.topology = topology
    }

    /// In the order of nodes and links.
    func findings(besides told: [ReachabilityFinding]) -> [ReachabilityFinding] {
        let told = told.filter { $0.severity == .error }
        return network.nodes.flatMap { node in
            [idleProxy(node, told), slowProxy(node)].compactMap(\.self) + incompleteTunnels(node, told)
        }
    }

    /// Links that answer for others by ARP alone where their node forwards what comes in by them (`arp_fwd_proxy` in
    /// net/ipv4/arp.c is asked no earlier).
    private func idleProxy(_ node: ForwardingNode, _ told: [ReachabilityFinding]) -> ReachabilityFinding? {
        let idle = node.links.filter { $0.isUp && $0.settings.proxiesARP && !$0.settings.forwards }
        guard let first = idle.first else { return nil }
        let key = Sysctl.forwarding(of: first.name.text)
        let words = Set(told.flatMap { Tokens($0.cause).words })
        let isTold = idle.contains { words.contains("\(node.name):\($0.name)") }
        if isTold { return nil }
        return ReachabilityFinding(
            code: .idleProxy, severity: .warning,
            message: "\(node.name):\(first.name) is to answer for others by ARP, and does not",
            cause: "\(node.name) does not forward what comes in by that link", help: "set \(key) to 1 on \(node.name)",
            node: node.name, decider: Reliance(node: node.name, resource: .link(first.link)), pairs: idle.count)
    }

    /// Answers for others wait, for up to so many hundredths of a second, by chance (`pneigh_enqueue` in
    /// net/core/neighbour.c); 80 unless something is said.
    private func slowProxy(_ node: ForwardingNode) -> ReachabilityFinding? {
        let slow = node.links.filter {
            $0.isUp && $0.settings.proxiesARP && $0.settings.forwards && $0.settings.proxyDelay > 0
        }
        guard let first = slow.first else { return nil }
        return ReachabilityFinding(
            code: .proxyDelay, severity: .warning,
            message:
                "\(node.name):\(first.name) takes up to \(first.settings.proxyDelay * 10) ms to answer for others by ARP",
            cause:
                "the kernel holds such answers back for that long, by chance, so that those who have an address come first",
            help: "set net/ipv4/neigh/\(first.name)/proxy_delay to 0 on \(node.name)", node: node.name,
            decider: Reliance(node: node.name, resource: .link(first.link)), pairs: slow.count)
    }
}

// What a VXLAN link needs to know of each peer: which route leads to it, which link-layer address it has, and which host that is on.
extension EntryCheck {
    private struct Lack {
        let word: String
        let entry: Resource
        /// By which it would be told as what some packet lacks.
        let names: [String]
    }

    private func incompleteTunnels(
        _ node: ForwardingNode, _ told: [ReachabilityFinding]
    ) -> [ReachabilityFinding] {
        let found = node.links.filter { $0.vxlan != nil && $0.isUp }.flatMap { lacks(of: $0, node) }
        if found.isEmpty { return [] }
        let causes = told.filter { $0.node == node.name }.map { Set(Tokens($0.cause).words) }
        let untold = found.filter { lack in causes.allSatisfy { $0.isDisjoint(with: lack.names) } }
        return untold.map {
            ReachabilityFinding(
                code: .incompleteTunnel, severity: .error, message: "\(node.name) lacks \($0.word)",
                cause: "this is there without it: " + Reliance(node: node.name, resource: $0.entry).text,
                node: node.name, decider: Reliance(node: node.name, resource: $0.entry))
        }
    }

    private func lacks(of link: ForwardingLink, _ node: ForwardingNode) -> [Lack] {
        let neighbours = node.neighbours.values.filter { $0.device == link.name && $0.linkLayerAddress != nil }
        let known = Set(neighbours.compactMap(\.linkLayerAddress))
        let all =
            neighbours.flatMap { lacks(beside: $0, on: link, node) }
            + node.fdb.values.compactMap { lack(beside: $0, on: link, known) }
            + IPAddress.Family.allCases.flatMap { node.routes($0).all }.compactMap { lack(beside: $0, on: link, node) }
        return all.sorted { ($0.entry.identity, $0.word) < ($1.entry.identity, $1.word) }
    }

    private func lacks(beside neighbour: Neighbour, on link: ForwardingLink, _ node: ForwardingNode) -> [Lack] {
        guard let address = neighbour.linkLayerAddress else { return [] }
        var found: [Lack] = []
        if node.fdb[ForwardingEntry.Identity(device: link.name, linkLayerAddress: address)] == nil {
            let word = "a forwarding entry (fdb) of \(link.name) for \(address), at which \(neighbour.address) is"
            found.append(Lack(word: word, entry: .neighbour(neighbour), names: ["\(address)"]))
        }
        if lacksRoute(to: neighbour, on: link, node) {
            let word = "a route by \(link.name) to what is behind \(neighbour.address)"
            let peers = topology.hosts.filter { $0.tunnelAddress(.v4) == neighbour.address }
            let names = peers.flatMap(\.containers).flatMap(\.addresses).map(\.description)
            found.append(Lack(word: word, entry: .neighbour(neighbour), names: names))
        }
        return found
    }

    /// - `known`: what neighbours there are at. An address of all zeros stands for all that is not known.
    private func lack(beside entry: ForwardingEntry, on link: ForwardingLink, _ known: Set<MACAddress>) -> Lack? {
        let address = entry.linkLayerAddress
        if entry.device != link.name || address == MACAddress(bits: 0) || known.contains(address) { return nil }
        let word = "a neighbour entry of \(link.name) at \(address), which is behind \(entry.remote)"
        return Lack(word: word, entry: .fdb(entry), names: gateways(at: entry.remote))
    }

    private func lack(beside route: Route, on link: ForwardingLink, _ node: ForwardingNode) -> Lack? {
        guard route.nextHop.device == link.name, let gateway = route.nextHop.gateway,
            node.neighbours[Neighbour.Identity(device: link.name, address: gateway)] == nil
        else { return nil }
        let word = "a neighbour entry of \(link.name) for \(gateway), by which it has a route"
        return Lack(word: word, entry: .route(route), names: ["\(gateway)"])
    }

    /// Whether nothing but a default route leads to a peer. Where the link has no address of a family, nothing is to.
    private func lacksRoute(to neighbour: Neighbour, on link: ForwardingLink, _ node: ForwardingNode) -> Bool {
        let family = neighbour.address.family
        let isOfFamily = node.places[link.name].map { place in
            node.prefixes[place].contains { $0.prefix.family == family && $0.scope == .global }
        }
        guard isOfFamily == true else { return false }
        return (node.decision(to: neighbour.address)?.route.destination.length ?? 0) == 0
    }

    /// The addresses that the host with the node address `remote` has in the tunnel.
    private func gateways(at remote: IPAddress) -> [String] {
        let hosts = topology.hosts.filter { topology.nodeAddress(of: $0) == remote }
        return hosts.flatMap { host in IPAddress.Family.allCases.compactMap(host.tunnelAddress) }.map(\.description)
    }
}
