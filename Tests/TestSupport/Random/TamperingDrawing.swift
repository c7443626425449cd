import Compiler
package import NetworkState

/// Draws what to tamper with from what there is in a lab.
package struct TamperingDrawing {
    private var generator: SeededGenerator
    private let namespaces: [String: NamespaceState]
    private let nodes: [String]
    /// Of all nodes, loopback's and links' own left out.
    private let addresses: [IPAddress]

    /// One at random; nil where nothing of the kind that was drawn can be tampered with.
    package static func tampering(
        with namespaces: [String: NamespaceState], using generator: inout SeededGenerator
    ) -> Tampering? {
        var drawing = TamperingDrawing(namespaces, using: generator)
        defer { generator = drawing.generator }
        return drawing.any()
    }

    private init(_ namespaces: [String: NamespaceState], using generator: SeededGenerator) {
        self.namespaces = namespaces
        self.generator = generator
        nodes = namespaces.keys.sorted()
        let all = nodes.flatMap { namespaces[$0]?.addresses.sorted ?? [] }.map(\.prefix.address)
        addresses = Set(all.filter { !$0.isLoopback && !$0.isLinkLocal }).sorted()
    }

    private mutating func any() -> Tampering? {
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<16: removal { $0.routes.sorted.filter(\.isTamperable).map(Resource.route) }
        case 16..<28: alteredRoute()
        case 28..<38: addedRoute()
        case 38..<46: neighbour()
        case 46..<52: forwardingEntry()
        case 52..<68: setting()
        case 68..<80: link()
        case 80..<88: removal { $0.addresses.sorted.filter { !$0.prefix.address.isLoopback }.map(Resource.address) }
        case 88..<93: addedAddress()
        case 93..<96: removal { $0.tables.sorted.map(Resource.table) }
        default: firewall()
        }
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.randomElement(using: &generator)
    }

    /// Of all nodes.
    private mutating func pick<Found>(from list: (NamespaceState) -> [Found]) -> (node: String, found: Found)? {
        pick(nodes.flatMap { node in (namespaces[node].map(list) ?? []).map { (node, $0) } })
    }

    private mutating func removal(of list: (NamespaceState) -> [Resource]) -> Tampering? {
        pick(from: list).map { Tampering($0.node, removing: $0.found) }
    }

    private mutating func address(_ family: IPAddress.Family) -> IPAddress? {
        pick(addresses.filter { $0.family == family })
    }
}

// Routes.
extension TamperingDrawing {
    private mutating func alteredRoute() -> Tampering? {
        guard let (node, found) = pick(from: { $0.routes.sorted.filter(\.isTamperable) }) else { return nil }
        var route = found
        if Bool.random(using: &generator), let gateway = address(route.destination.family) {
            route.kind = .unicast
            route.nextHop.gateway = gateway
            route.nextHop.isOnLink = true
            route.scope = .global
        } else if let kind = pick([Route.Kind.blackhole, .unreachable, .prohibit, .throw]) {
            route.kind = kind
            route.nextHop = Route.NextHop()
            route.otherNextHops = []
            route.scope = .global
            route.preferredSource = nil
        }
        return Tampering(node, setting: .route(route))
    }

    /// To one address or all of them, that leads to another node, astray or nowhere.
    private mutating func addedRoute() -> Tampering? {
        guard let node = pick(nodes), let state = namespaces[node], let target = pick(addresses) else { return nil }
        let destination =
            Int.random(in: 0..<4, using: &generator) == 0 ? .everything(target.family) : IPPrefix(host: target)
        let links = state.links.sorted.filter { $0.kind != .loopback && $0.controller == nil }
        if Int.random(in: 0..<3, using: &generator) > 0, let gateway = address(target.family), let link = pick(links) {
            let metric: UInt32? = Bool.random(using: &generator) ? nil : 50
            return Tampering(
                node,
                setting: .route(
                    Route(
                        destination, via: gateway, device: link.name, isOnLink: true, protocol: .boot, metric: metric)))
        }
        let kind = pick([Route.Kind.blackhole, .unreachable, .prohibit, .throw]) ?? .blackhole
        return Tampering(node, setting: .route(Route(destination, kind: kind, protocol: .boot)))
    }
}

// Neighbours, and the tables of tunnels.
extension TamperingDrawing {
    /// Of some link, or of none.
    private mutating func linkLayerAddress() -> MACAddress {
        let nobody = MACAddress(bits: 0x0200_0000_0099)
        if Int.random(in: 0..<3, using: &generator) == 0 { return nobody }
        let all = nodes.flatMap { namespaces[$0]?.links.sorted ?? [] }.compactMap(\.address).filter(\.isUnicast)
        return pick(all) ?? nobody
    }

    private mutating func neighbour() -> Tampering? {
        let lasting = pick { $0.neighbours.sorted.filter { $0.state == .permanent } }
        if let (node, entry) = lasting, Int.random(in: 0..<3, using: &generator) > 0 {
            if Bool.random(using: &generator) { return Tampering(node, removing: .neighbour(entry)) }
            let other = Neighbour(entry.address, device: entry.device, linkLayerAddress: linkLayerAddress())
            return Tampering(node, setting: .neighbour(other))
        }
        let links = pick { state in
            state.links.sorted.filter {
                $0.kind != .loopback && $0.kind != .tun && $0.kind != .ipip && $0.controller == nil
            }
        }
        guard let (node, link) = links, let target = pick(addresses) else { return nil }
        let entry = Neighbour(target, device: link.name, linkLayerAddress: linkLayerAddress())
        return Tampering(node, setting: .neighbour(entry))
    }

    private mutating func forwardingEntry() -> Tampering? {
        guard let (node, entry) = pick(from: { $0.fdb.sorted }) else { return nil }
        if Bool.random(using: &generator) { return Tampering(node, removing: .fdb(entry)) }
        guard let remote = address(entry.remote.family) else { return nil }
        let target = Bool.random(using: &generator) ? entry.linkLayerAddress : linkLayerAddress()
        return Tampering(node, setting: .fdb(ForwardingEntry(target, device: entry.device, remote: remote)))
    }
}

// Settings, links and addresses.
extension TamperingDrawing {
    private static let values = [
        "rp_filter": ["0", "1", "2"], "medium_id": ["-1", "0", "1", "2"],
    ]

    private mutating func setting() -> Tampering? {
        let found = pick { state in
            state.sysctls.sorted.filter { sysctl in
                sysctl.key.hasPrefix("net/ip") && !sysctl.key.contains("/default/")
            }
        }
        guard let (node, sysctl) = found else { return nil }
        let name = sysctl.key.split(separator: "/").last.map(String.init) ?? ""
        let others = (Self.values[name] ?? ["0", "1"]).filter { $0 != sysctl.value }
        return pick(others).map { Tampering(node, setting: .sysctl(Sysctl(sysctl.key, $0))) }
    }

    private mutating func link() -> Tampering? {
        guard let (node, found) = pick(from: { $0.links.sorted.filter { $0.kind != .loopback } }) else { return nil }
        var link = found
        switch Int.random(in: 0..<10, using: &generator) {
        case 0..<6: link.isUp = false
        case 6..<8: link.address = MACAddress(bits: 0x0200_0000_0077)
        default:
            guard link.controller != nil else { return nil }
            link.membership = Link.Membership.none
        }
        return Tampering(node, setting: .link(link))
    }

    /// That nobody has, in the subnet of one that somebody has.
    private mutating func addedAddress() -> Tampering? {
        let links = pick { $0.links.sorted.filter { $0.controller == nil } }
        guard let (node, link) = links, let near = pick(addresses),
            let fresh = IPAddress(parsing: near.family == .v4 ? "0.0.0.66" : "::66")
        else { return nil }
        let network = IPPrefix(near, length: near.family == .v4 ? 24 : 64)?.network.address
        let bits = (network?.bits ?? 0) | fresh.bits
        let lengths = near.family == .v4 ? [24, 32] : [64, 128]
        guard let length = pick(lengths),
            let prefix = IPPrefix(IPAddress(family: near.family, bits: bits), length: length)
        else { return nil }
        // Of two links' routes to one subnet, which a state does not tell apart, the kernel takes one or the other.
        let known = namespaces[node]?.routes.sorted.contains { route in
            route.destination == prefix.network && route.nextHop.device != link.name
        }
        if known == true { return nil }
        return Tampering(
            node, setting: .address(Address(prefix, device: link.name, isNoDAD: near.family == .v6)))
    }

    private mutating func firewall() -> Tampering? {
        guard let node = pick(nodes), let target = pick(addresses), let hook = pick(["input", "forward", "output"])
        else { return nil }
        let side = Bool.random(using: &generator) ? "saddr" : "daddr"
        let rule = "\(target.family == .v4 ? "ip" : "ip6") \(side) \(target) drop"
        let lines = "\t\ttype filter hook \(hook) priority 0; policy accept;\n\t\t\(rule)\n"
        let text = "table inet guard {\n\tchain c {\n\(lines)\t}\n}\n"
        return Tampering(node, setting: .table(NATTable(name: "guard", text: text)))
    }
}

extension Route {
    /// Whether it is of those that packets between nodes may go by.
    fileprivate var isTamperable: Bool {
        table == Route.mainTable && !destination.address.isMulticast && !destination.address.isLoopback
    }
}
