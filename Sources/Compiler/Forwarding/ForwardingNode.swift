package import NetworkState

/// One namespace as packets come through it: its state, sorted for looking up. Declared or observed, it makes no difference.
package final class ForwardingNode: Sendable {
    package let name: String
    /// Whether it is a switch: its bridges hand frames on, and nothing in it has an address.
    package let isSwitch: Bool
    package let links: [ForwardingLink]
    let places: [LinkName: Int]
    /// The links that have them, by address.
    let addresses: [IPAddress: [Int]]
    /// Subnets that are this node's as a whole: those of addresses on the loopback link (`fib_add_ifaddr` in
    /// net/ipv4/fib_frontend.c).
    let localSubnets: [IPPrefix]
    /// Of each link, with their prefixes.
    let prefixes: [[Address]]
    private let routesV4: RoutingTable
    private let routesV6: RoutingTable
    /// By family; nil where the main table decides alone.
    private let policies: [RoutingPolicy?]
    let neighbours: [Neighbour.Identity: Neighbour]
    let fdb: [ForwardingEntry.Identity: ForwardingEntry]
    let translation: AddressTranslation
    let forwardsIPv6: Bool
    /// What of packets goes through a program in user space.
    let overlay: OverlayTable?

    init(_ name: String, _ state: NamespaceState, isSwitch: Bool = false, overlay: UDPOverlay? = nil) {
        self.name = name
        self.isSwitch = isSwitch
        self.overlay = overlay.map(OverlayTable.init)
        let settings = SettingsReader(state.sysctls)
        let sorted = state.links.sorted
        links = sorted.map { ForwardingLink($0, settings.settings(of: $0.name)) }
        places = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1.name, $0) })
        var addresses: [IPAddress: [Int]] = [:]
        var prefixes: [[Address]] = Array(repeating: [], count: sorted.count)
        for address in state.addresses.sorted {
            guard let place = places[address.device] else { continue }
            addresses[address.prefix.address, default: []].append(place)
            prefixes[place].append(address)
        }
        self.addresses = addresses
        localSubnets = state.addresses.unordered.lazy.filter { $0.device == .loopback && $0.prefix.family == .v4 }
            .map(\.prefix).filter { !$0.isHost && !$0.address.isLoopback }
        self.prefixes = prefixes.map { $0.count > 1 ? $0.primaryFirst(by: state.routes) : $0 }
        // Of the kernel's own rules, which look into three tables, `local` follows from the addresses and `default` is empty
        // as a rule.
        let main = state.routes.unordered.filter { $0.table == Route.mainTable }
        routesV4 = RoutingTable(main.filter { $0.destination.family == .v4 }, places)
        routesV6 = RoutingTable(main.filter { $0.destination.family == .v6 }, places)
        policies = IPAddress.Family.allCases.map { RoutingPolicy(state.policy, $0, state.routes.unordered) }
        // What was learnt is what others answer, and answers change with them.
        let lasting = state.neighbours.unordered.filter { $0.state == .permanent }
        neighbours = Dictionary(lasting.map { ($0.identity, $0) }) { first, _ in first }
        fdb = Dictionary(state.fdb.unordered.map { ($0.identity, $0) }) { first, _ in first }
        translation = AddressTranslation(state.tables.sorted)
        forwardsIPv6 = settings.forwardsIPv6 ?? false
    }

    package func link(_ name: LinkName) -> Int? { places[name] }

    func routes(_ family: IPAddress.Family) -> RoutingTable { family == .v4 ? routesV4 : routesV6 }

    /// Whether packets to `address` are for this node itself. IPv6 loses its addresses with the link, IPv4 does not
    /// (`fib_disable_ip` in net/ipv4/fib_frontend.c, `addrconf_ifdown` in net/ipv6/addrconf.c).
    package func has(_ address: IPAddress) -> Bool {
        if address.isLoopback { return true }
        guard let places = addresses[address] else { return localSubnets.contains { $0.contains(address) } }
        return address.family == .v4 || places.contains { isUsable($0, .v6) }
    }

    func isUsable(_ place: Int, _ family: IPAddress.Family) -> Bool {
        links[place].isUp && (family == .v4 || !links[place].settings.disablesIPv6)
    }

    func isUsable(_ device: LinkName, _ family: IPAddress.Family) -> Bool {
        places[device].map { isUsable($0, family) } ?? false
    }

    /// The route that decides, and which of its next hops: the first whose link is up.
    ///
    /// - `device`: the link that it has to lead out of, if any.
    /// - `source`: of the packet, where it has one already.
    /// - `incoming`: the link that it came in by; nil for one of the node's own.
    func decision(
        to address: IPAddress, via device: LinkName? = nil, from source: IPAddress? = nil, incoming: LinkName? = nil
    ) -> (route: Route, hop: Route.NextHop)? {
        var hop: Route.NextHop?
        guard let policy = policies[Int(address.family.rawValue)] else {
            let table = routes(address.family)
            let place = table.place(of: address) { usability(of: $0, in: table, address.family, device, &hop) }
            return place.map(table.route).map { ($0, hop ?? $0.nextHop) }
        }
        let subject = RoutingPolicy.Subject(destination: address, source: source, incoming: incoming, device: device)
        let decision = policy.decision(of: subject) { usability(of: $0, address.family, device, &hop) }
        guard let (route, rule) = decision else { return nil }
        if let route { return (route, hop ?? route.nextHop) }
        return rule.endingKind.map { kind in
            let ending = Route(.everything(address.family), kind: kind, table: Self.tableOfRules)
            return (ending, ending.nextHop)
        }
    }

    /// `RT_TABLE_UNSPEC`, which no route is in: what stands for a rule that ends a packet's way.
    static let tableOfRules: UInt32 = 0

    /// The rule by which such a packet's way ends; nil where a route decides, or nothing does.
    func endingRule(
        to address: IPAddress, via device: LinkName?, from source: IPAddress?, incoming: LinkName?
    ) -> PolicyRule? {
        let subject = RoutingPolicy.Subject(destination: address, source: source, incoming: incoming, device: device)
        let decision = policies[Int(address.family.rawValue)]?.decision(of: subject) { route in
            route.kind != .unicast || route.devices.contains { isUsable($0, address.family) }
        }
        return decision.flatMap { $0.route == nil ? $0.rule : nil }
    }

    /// Whether somebody has made rules there, by which other tables than the main one decide.
    var hasPolicyOfItsOwn: Bool { policies.contains { $0 != nil } }

    /// Whether a route that decides has a next hop.
    func leadsOn(to address: IPAddress) -> Bool { decision(to: address)?.route.kind == .unicast }

    /// Which route decides, by its place in the table, if all that matters of a packet's destination is that; nil if the destination
    /// itself is looked for on the link.
    func commonRoute(to address: IPAddress) -> Int? {
        if policies[Int(address.family.rawValue)] != nil { return nil }
        var hop: Route.NextHop?
        let table = routes(address.family)
        let place = table.place(of: address) { usability(of: $0, in: table, address.family, nil, &hop) }
        return hop?.gateway == nil ? nil : place
    }

    /// The same of a route by its place in a table of this node's.
    private func usability(
        of place: Int, in table: RoutingTable, _ family: IPAddress.Family, _ device: LinkName?,
        _ hop: inout Route.NextHop?
    ) -> Bool {
        guard case .link(let link) = table.exit(place) else {
            return usability(of: table.route(place), family, device, &hop)
        }
        guard isUsable(Int(link), family), device.map({ places[$0] == Int(link) }) ?? true else {
            hop = nil
            return false
        }
        hop = table.route(place).nextHop
        return true
    }

    /// - `hop`: becomes the next hop that is to be taken.
    private func usability(
        of route: Route, _ family: IPAddress.Family, _ device: LinkName?, _ hop: inout Route.NextHop?
    ) -> Bool {
        guard route.kind == .unicast else { return device == nil }
        func leads(_ hop: Route.NextHop) -> Bool {
            guard let name = hop.device else { return false }
            return (device == nil || device == name) && isUsable(name, family)
        }
        hop = leads(route.nextHop) ? route.nextHop : route.otherNextHops.first(where: leads)
        return hop != nil
    }

    /// A route that would decide if its link were up.
    func deadRoute(to address: IPAddress) -> Route? {
        routes(address.family).match(address) { $0.kind == .unicast }
    }
}

/// Which peers of a UDP overlay have what behind them, by longest match.
struct OverlayTable: Sendable {
    let overlay: UDPOverlay
    private let tables: [RoutingTable]

    init(_ overlay: UDPOverlay) {
        self.overlay = overlay
        let local = overlay.local.map { Route($0.network, kind: .local) }
        let remote = overlay.peers.flatMap { peer in peer.prefixes.map { Route($0.network, via: peer.node) } }
        tables = IPAddress.Family.allCases.map { family in
            RoutingTable((local + remote).filter { $0.destination.family == family })
        }
    }

    /// The peer's node; nil for what is behind nobody, or behind this host.
    func node(behindWhich address: IPAddress) -> IPAddress? { match(address)?.nextHop.gateway }

    func isLocal(_ address: IPAddress) -> Bool { match(address)?.kind == .local }

    func knows(_ node: IPAddress) -> Bool { overlay.peers.contains { $0.node == node } }

    private func match(_ address: IPAddress) -> Route? {
        tables[Int(address.family.rawValue)].match(address) { _ in true }
    }
}
