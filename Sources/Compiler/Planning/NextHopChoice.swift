import NetworkState

/// Which routes of a namespace go by next-hop objects, and which objects that takes.
///
/// A kernel tells the next hops of plain routes apart by their link alone (`fib_info_hashfn` in net/ipv4/fib_semantics.c), so
/// that each new route over one of many gateways has it look at all others. Objects it finds by their number.
struct NextHopChoice {
    /// From so many gateways on one link on they are worth their while. An object takes a message and a change of its own:
    /// a kernel gains from 128 on, with a route a gateway, and a whole apply from here on (docs/benchmarks.md).
    static let fewest = 512

    private let state: NamespaceState
    /// What something goes by that stays as it is.
    private let inUse: Set<UInt32>
    /// The links with so many gateways.
    private let links: Set<LinkName>
    /// By their numbers, what routes of the plan go by.
    private(set) var chosen: [UInt32: NextHopObject] = [:]
    /// The last one asked for: many routes in a row have the same next hop.
    private var last: (nextHop: Route.NextHop, object: NextHopObject)?

    /// - `places`: in `changes`, those of the routes of one namespace, which is as `state` now.
    /// - `allowsObjects`: whether any may be chosen; what goes by objects already stays.
    init(_ state: NamespaceState, _ changes: [Change], at places: [Int], allowsObjects: Bool) {
        self.state = state
        var gateways: [LinkName: Set<IPAddress>] = [:]
        var last: Route.NextHop?
        for place in places {
            guard case .route(let route)? = changes[place].after, route.nextHop != last else { continue }
            last = route.nextHop
            guard let way = route.objectWay else { continue }
            gateways[way.device, default: []].insert(way.gateway)
        }
        links =
            allowsObjects && state.nextHops.areKnown ? Set(gateways.filter { $0.value.count >= Self.fewest }.keys) : []
        let matters = !links.isEmpty || !state.nextHops.ours.isEmpty
        inUse = matters ? state.nextHopsInUse(after: places.lazy.map { changes[$0] }) : []
    }

    /// Whether all routes are plain, and stay so.
    var isIdle: Bool { links.isEmpty && state.nextHops.ours.isEmpty }

    /// `resource`, by an object where that is better.
    mutating func formed(_ resource: Resource) -> Resource {
        guard case .route(var route) = resource else { return resource }
        route.form = object(for: route).map { .object($0.id) } ?? .plain
        return .route(route)
    }

    /// A gateway whose address is the number of something else goes without.
    private mutating func object(for route: Route) -> NextHopObject? {
        guard let way = route.objectWay else { return nil }
        if let last, last.nextHop == route.nextHop { return last.object }
        guard links.contains(way.device) else { return nil }
        let object = NextHopObject(
            UInt32(truncatingIfNeeded: way.gateway.bits), via: way.gateway, device: way.device,
            isOnLink: route.nextHop.isOnLink)
        if let other = chosen[object.id] {
            if other != object { return nil }
            last = (route.nextHop, object)
            return object
        }
        let isTaken = state.nextHops.foreign.contains(object.id)
        let isOtherwise = state.nextHops.ours[object.id].map { $0 != object && inUse.contains(object.id) } ?? false
        if object.id == 0 || isTaken || isOtherwise { return nil }
        chosen[object.id] = object
        return object
    }

    /// Ours that nothing goes by any more.
    var idle: [NextHopObject] {
        state.nextHops.ours.sorted.filter { chosen[$0.id] == nil && !inUse.contains($0.id) }
    }
}

extension Route {
    /// The gateway and the link of a route that could go by an object: one that says no more of its next hop, in the table
    /// where the kernel looks for the gateways of objects (`nh_create_ipv4` in net/ipv4/nexthop.c).
    fileprivate var objectWay: (gateway: IPAddress, device: LinkName)? {
        guard destination.family == .v4, kind == .unicast, table == Self.mainTable, scope == .global,
            otherNextHops.isEmpty, !isToldInPart, let gateway = nextHop.gateway, gateway.family == .v4,
            let device = nextHop.device
        else { return nil }
        return (gateway, device)
    }
}
