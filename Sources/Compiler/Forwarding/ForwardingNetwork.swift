package import NetworkState

/// Namespaces and what joins them, as far as packets are concerned: compiled from declared or observed states, and asked as
/// often as one likes.
///
/// Links have numbers throughout the network, those of a node in a row.
package struct ForwardingNetwork: Sendable {
    package private(set) var nodes: [ForwardingNode] = []
    private var indices: [String: Int] = [:]
    private var firstLinks: [Int] = []
    private var owners: [Int32] = []
    /// Of each link of a veth pair whose other end is in view, that.
    private var peers: [Int32] = []
    /// What is asked of many links once each: beside one another, where a processor's caches have them.
    private var mtus: [Int32] = []
    private var reversePathFilters: [Int8] = []
    /// Whether a node has more addresses than its links.
    private(set) var hasLocalSubnets = false
    /// The nodes that have an address.
    private var homes: [IPAddress: [Int32]] = [:]
    private(set) var domains: BroadcastDomains
    /// Who has an address and a link on a domain.
    private var holders: [Holding: [Int]] = [:]
    /// Who takes frames for a link-layer address of a domain.
    private var takers: [Taking: Int] = [:]
    /// Links that answer for others, by their domains.
    private var proxies: [Int: [Int]] = [:]
    /// Where tunnels end.
    private var vxlanLinks: [Int]

    private struct Holding: Hashable {
        let domain: Int
        let address: IPAddress
    }

    private struct Taking: Hashable {
        let domain: Int
        let address: MACAddress
    }

    /// - `namespaces`: by the nodes' names, by which veth pairs tell where their other ends are, too.
    /// - `switches`: those that are nothing but wires to each other.
    package init(
        _ namespaces: [String: NamespaceState], switches: Set<String> = [], overlays: [String: UDPOverlay] = [:]
    ) {
        self.init(
            namespaces.map { name, state in
                ForwardingNode(name, state, isSwitch: switches.contains(name), overlay: overlays[name])
            })
    }

    init(_ nodes: [ForwardingNode]) {
        domains = BroadcastDomains(vertices: [], wires: [])
        vxlanLinks = []
        self.nodes = nodes.sorted { $0.name < $1.name }
        for (index, node) in self.nodes.enumerated() {
            indices[node.name] = index
            firstLinks.append(owners.count)
            owners += Array(repeating: Int32(index), count: node.links.count)
            hasLocalSubnets = hasLocalSubnets || !node.localSubnets.isEmpty
            mtus += node.links.map { Int32($0.mtu) }
            reversePathFilters += node.links.map { Int8(clamping: $0.settings.reversePathFilter) }
            for address in node.addresses.keys { homes[address, default: []].append(Int32(index)) }
        }
        peers = joinedPeers
        domains = BroadcastDomains(vertices: vertices, wires: wires)
        noteHolders()
    }

    package func node(_ name: String) -> Int? { indices[name] }

    /// The node that a link is of.
    func owner(of link: Int) -> Int { Int(owners[link]) }

    /// Which of its node's links it is.
    func place(of link: Int) -> Int { link - firstLinks[owner(of: link)] }

    func number(of place: Int, at node: Int) -> Int { firstLinks[node] + place }

    func number(of name: LinkName, at node: Int) -> Int? {
        nodes[node].places[name].map { number(of: $0, at: node) }
    }

    func link(_ number: Int) -> ForwardingLink { nodes[owner(of: number)].links[place(of: number)] }

    func mtu(of link: Int) -> Int { Int(mtus[link]) }

    func reversePathFilter(of link: Int) -> Int { Int(reversePathFilters[link]) }

    /// Whether one of the node's links has the address, be it up or down.
    func isHome(_ node: Int, of address: IPAddress) -> Bool { homes[address]?.contains(Int32(node)) ?? false }

    /// `A:eth0`
    package func name(of link: Int) -> String { "\(nodes[owner(of: link)].name):\(self.link(link).name)" }

    /// The other end of a veth pair; nil where it is not in view.
    func peer(of link: Int) -> Int? { peers[link] < 0 ? nil : Int(peers[link]) }

    private var joinedPeers: [Int32] {
        owners.indices.map { number in
            guard let peer = link(number).link.peer, let far = peer.netns.name.flatMap({ indices[$0] }) else {
                return -1
            }
            return self.number(of: peer.name, at: far).map(Int32.init) ?? -1
        }
    }

    private var vertices: [Int] {
        owners.indices.map { number in
            let link = link(number)
            guard link.hasNeighbours, link.isUp else { return -1 }
            guard let controller = link.link.controller else { return number }
            let bridge = self.number(of: controller, at: owner(of: number))
            return bridge.flatMap { self.link($0).isUp ? $0 : nil } ?? -1
        }
    }

    private var wires: [(Int, Int)] {
        owners.indices.compactMap { number in
            guard let peer = peer(of: number), number < peer || self.peer(of: peer) != number else { return nil }
            return (number, peer)
        }
    }

    private mutating func noteHolders() {
        for (domain, members) in domains.members.enumerated() {
            for number in members {
                let (node, place) = (nodes[owner(of: number)], place(of: number))
                // A Linux host answers by IPv4 for all it has, by whatever link it is asked; by IPv6 for what that link has.
                for (address, places) in node.addresses where address.family == .v4 || places.contains(place) {
                    guard node.isUsable(place, address.family) else { continue }
                    holders[Holding(domain: domain, address: address), default: []].append(number)
                }
                if let address = node.links[place].link.address {
                    takers[Taking(domain: domain, address: address)] = number
                }
                let settings = node.links[place].settings
                if settings.proxiesARP || settings.proxiesPrivateVLAN { proxies[domain, default: []].append(number) }
            }
        }
        vxlanLinks = owners.indices.filter { link($0).vxlan != nil }
    }

    /// The first of the other links on the wire of `link` whose node has `address` and which `isTaken`.
    func holder(of address: IPAddress, around link: Int, where isTaken: (Int) -> Bool) -> Int? {
        for domain in flooded(from: link) {
            let links = holders[Holding(domain: domain, address: address)]
            if let found = links?.first(where: { $0 != link && isTaken($0) }) { return found }
        }
        return nil
    }

    /// The other links there that are told to answer for others.
    func proxies(around link: Int) -> [Int] {
        flooded(from: link).flatMap { proxies[$0] ?? [] }.filter { $0 != link }
    }

    /// The link on the wire of `link` that takes frames for `address`.
    func taker(of address: MACAddress, around link: Int) -> Int? {
        domains.domain(of: link).flatMap { takers[Taking(domain: $0, address: address)] }.flatMap {
            $0 == link ? nil : $0
        }
    }

    /// Where a frame for everybody gets to: what a VXLAN link's entry for unknown addresses leads to is a wire, too.
    private func flooded(from link: Int) -> [Int] {
        let domain = domains.domain(of: link)
        let remote = defaultRemote(of: link).flatMap { vxlanEnd(of: link, at: $0) }
        return [domain, remote.flatMap(domains.domain)].compactMap(\.self)
    }

    /// Where a VXLAN link sends what it knows no other way for: the entry of all zeros.
    func defaultRemote(of link: Int) -> ForwardingEntry? {
        guard self.link(link).vxlan != nil else { return nil }
        let identity = ForwardingEntry.Identity(
            device: self.link(link).name, linkLayerAddress: MACAddress(bits: 0))
        return nodes[owner(of: link)].fdb[identity]
    }

    /// The link that takes what is sent so to `entry`'s host.
    private func vxlanEnd(of link: Int, at entry: ForwardingEntry) -> Int? {
        guard let own = self.link(link).vxlan else { return nil }
        return vxlanLinks.first { number in
            let end = self.link(number)
            return number != link && end.isUp && end.vxlan?.id == own.id && end.vxlan?.port == own.port
                && nodes[owner(of: number)].has(entry.remote)
        }
    }
}
