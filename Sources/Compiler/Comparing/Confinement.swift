import NetworkState

/// Whether some nodes have no say in what becomes of packets between all others, so that whatever changes at them changes nothing
/// there.
///
/// They have none if no such packet, in whatever envelope, can be handed to them, and no question for a neighbour be answered by
/// them. That is judged by what all other nodes know, without following any packet: where it is in doubt, they have a say.
struct Confinement {
    private let network: ForwardingNetwork
    /// Of each node, whether it is one of them.
    private let isInside: [Bool]
    private let inside: Set<IPAddress>
    /// Of all others, in order.
    private let outside: [IPAddress]
    /// By which others might send to them.
    private let linkLayerAddresses: Set<MACAddress>
    /// Wires that they share with others.
    private let borders: [Int]

    init(_ network: ForwardingNetwork, _ ends: [NetworkEnd], to nodes: Set<String>) {
        self.network = network
        let isInside = network.nodes.map { nodes.contains($0.name) }
        self.isInside = isInside
        var known: [Set<IPAddress>] = [[], []]
        for (node, isInside) in zip(network.nodes, isInside) { known[isInside ? 1 : 0].formUnion(node.ownAddresses) }
        for end in ends { known[nodes.contains(end.name) ? 1 : 0].formUnion(end.addresses) }
        inside = known[1]
        outside = known[0].sorted()
        let borders = network.domains.members.indices.filter { domain in
            let members = network.domains.members[domain].map { isInside[network.owner(of: $0)] }
            return members.contains(true) && members.contains(false)
        }
        self.borders = borders
        let shared = borders.flatMap { network.domains.members[$0] }.filter { isInside[network.owner(of: $0)] }
        let tunnels = zip(network.nodes, isInside).filter(\.1).flatMap(\.0.links).filter { $0.vxlan != nil }
        linkLayerAddresses = Set((shared.map(network.link) + tunnels).compactMap(\.link.address))
    }

    var holds: Bool {
        inside.isDisjoint(with: outside) && borders.allSatisfy(isOrdinary)
            && zip(network.nodes, isInside).allSatisfy { $1 || leadsNobodyElse($0) }
    }

    /// Whether nobody inside hands frames on there, answers for others, or may be taken for somebody else.
    private func isOrdinary(_ domain: Int) -> Bool {
        let members = network.domains.members[domain]
        let own = members.filter { isInside[network.owner(of: $0)] }.map(network.link)
        let others = Set(
            members.filter { !isInside[network.owner(of: $0)] }.compactMap { network.link($0).link.address })
        return own.allSatisfy { link in
            link.link.kind != .bridge && !link.settings.proxiesARP && !link.settings.proxiesPrivateVLAN
                && !(link.link.address.map(others.contains) ?? false)
        }
    }

    /// Whether what `node` sends inside is for somebody there.
    private func leadsNobodyElse(_ node: ForwardingNode) -> Bool {
        !node.hasPolicyOfItsOwn
            && IPAddress.Family.allCases.allSatisfy { node.routes($0).all.allSatisfy { isHarmless($0, at: node) } }
            && node.neighbours.values.allSatisfy { entry in
                inside.contains(entry.address) || !(entry.linkLayerAddress.map(linkLayerAddresses.contains) ?? false)
            }
            && node.fdb.values.allSatisfy { entry in
                !inside.contains(entry.remote) || linkLayerAddresses.contains(entry.linkLayerAddress)
            }
            && (node.overlay?.overlay.peers ?? []).allSatisfy { peer in
                !inside.contains(peer.node) || !peer.prefixes.contains(where: holdsOthers)
            }
    }

    private func isHarmless(_ route: Route, at node: ForwardingNode) -> Bool {
        if !route.otherNextHops.isEmpty { return false }
        guard let gateway = route.nextHop.gateway else { return true }
        // Link-local addresses are not told apart here.
        if gateway.family == .v6, gateway.isLinkLocal { return !isAtBorder(route, of: node) }
        return !inside.contains(gateway) || !holdsOthers(route.destination)
    }

    private func isAtBorder(_ route: Route, of node: ForwardingNode) -> Bool {
        guard let index = network.node(node.name),
            let link = route.nextHop.device.flatMap({ network.number(of: $0, at: index) }),
            let domain = network.domains.domain(of: link)
        else { return true }
        return borders.contains(domain)
    }

    /// Whether an address outside is in the prefix.
    private func holdsOthers(_ prefix: IPPrefix) -> Bool {
        var (low, high) = (0, outside.count)
        while low < high {
            let middle = (low + high) / 2
            if outside[middle] < prefix.network.address { low = middle + 1 } else { high = middle }
        }
        return low < outside.count && prefix.contains(outside[low])
    }
}

extension ForwardingNode {
    /// Those that nobody else has for reasons of its own.
    fileprivate var ownAddresses: [IPAddress] {
        addresses.keys.filter { !$0.isLoopback && !($0.family == .v6 && $0.isLinkLocal) }
    }
}
