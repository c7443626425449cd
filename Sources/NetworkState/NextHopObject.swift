/// A gateway that routes can go by without each naming it: `ip nexthop`.
///
/// How a route is sent to a kernel, and no part of what is declared: none is in a topology or a ledger.
package struct NextHopObject: Entry {
    /// What routes refer to it by; never 0.
    package var id: UInt32
    package var gateway: IPAddress
    package var device: LinkName
    package var isOnLink: Bool
    package var `protocol`: RouteProtocol

    package init(
        _ id: UInt32, via gateway: IPAddress, device: LinkName, isOnLink: Bool = false, protocol: RouteProtocol = .weft
    ) {
        self.id = id
        self.gateway = gateway
        self.device = device
        self.isOnLink = isOnLink
        self.protocol = `protocol`
    }

    package var identity: UInt32 { id }

    package var attributes: [Attribute] {
        [Attribute("via", gateway), Attribute("dev", device), Attribute("proto", `protocol`)]
            + (isOnLink ? [Attribute(flag: "onlink")] : [])
    }

    package var jsonMembers: KeyValuePairs<String, JSON?> {
        [
            "id": .integer(Int64(id)),
            "via": .string(gateway.description),
            "dev": .string(device.text),
            "onlink": isOnLink ? true : nil,
            "proto": .string(`protocol`.description),
        ]
    }

    package init?(json: JSON) {
        guard let id = json["id"]?.integer.flatMap(UInt32.init(exactly:)), id != 0,
            let gateway = json["via"]?.string.flatMap({ IPAddress(parsing: $0) }),
            let device = json["dev"]?.string.flatMap({ LinkName($0) }),
            let `protocol` = json["proto"]?.string.flatMap(RouteProtocol.init(parsing:))
        else { return nil }
        self.init(id, via: gateway, device: device, isOnLink: json["onlink"]?.bool ?? false, protocol: `protocol`)
    }

    /// Where it leads, as a route of its own would say it.
    package var nextHop: Route.NextHop { Route.NextHop(gateway: gateway, device: device, isOnLink: isOnLink) }
}

/// The next-hop objects of a namespace.
package struct NextHops: Hashable, Sendable {
    /// Whether a kernel was asked, and has heard of such things (Linux 5.3).
    package var areKnown = false
    /// Weft's, by their protocol.
    package var ours = Table<NextHopObject>()
    /// The numbers that others' have.
    package var foreign: Set<UInt32> = []
    /// The numbers that are members of somebody's group.
    package var grouped: Set<UInt32> = []

    package init() {}
}

extension Route {
    /// How a kernel has a route, or is to be told of it, which is no part of what the route is: all forms are equal.
    package enum Form: Hashable, Sendable {
        /// With its next hop in it.
        case plain
        /// By the next-hop object of that number.
        case object(UInt32)

        package static func == (left: Form, right: Form) -> Bool { true }

        package func hash(into hasher: inout Hasher) {}

        /// The number of the next-hop object, if there is one.
        package var object: UInt32? { if case .object(let id) = self { id } else { nil } }
    }
}

extension Resource {
    /// The same, but that a route goes by no next-hop object.
    package var plain: Resource {
        guard case .route(var route) = self, route.form.object != nil else { return self }
        route.form = .plain
        return .route(route)
    }

    /// The next-hop object that it goes by, if it is a route that does.
    package var nextHopObject: UInt32? { if case .route(let route) = self { route.form.object } else { nil } }
}

extension Change {
    package var isOfNextHop: Bool { if case .nextHop = resource { true } else { false } }
}

extension NamespaceState {
    /// The next-hop objects that some route, or a group, goes by that `changes` leave as it is, whoever's it is: with the
    /// object it would go, too.
    package func nextHopsInUse(after changes: some Sequence<Change>) -> Set<UInt32> {
        var uses: [UInt32: Int] = [:]
        for route in routes.unordered {
            if let id = route.form.object { uses[id, default: 0] += 1 }
        }
        if uses.isEmpty { return nextHops.grouped }
        for change in changes {
            if let id = change.before?.nextHopObject { uses[id, default: 0] -= 1 }
        }
        return Set(uses.filter { $0.value > 0 }.keys).union(nextHops.grouped)
    }
}
