/// One entry of a routing table: `ip route`.
package struct Route: Entry {
    /// What the kernel tells routes apart by (`fib_find_alias` in net/ipv4/fib_trie.c; IPv6 has no TOS here).
    /// Protocol, gateway and type are not among it.
    package struct Identity: Hashable, Comparable, Sendable {
        // In the order that leaves the least room between them.
        package let destination: IPPrefix
        package let tos: UInt8
        package let table: UInt32
        package let metric: UInt32

        package static func < (left: Identity, right: Identity) -> Bool {
            (left.table, left.destination, left.tos, left.metric)
                < (right.table, right.destination, right.tos, right.metric)
        }
    }

    /// `RTN_*` in linux/rtnetlink.h, with their numbers.
    package enum Kind: UInt8, Hashable, Sendable {
        case unicast = 1
        case local, broadcast, anycast, multicast, blackhole, unreachable, prohibit, `throw`, nat

        package var word: String { "\(self)" }
    }

    package struct NextHop: Hashable, Sendable {
        package var device: LinkName?
        package var gateway: IPAddress?
        package var isOnLink: Bool

        package init(gateway: IPAddress? = nil, device: LinkName? = nil, isOnLink: Bool = false) {
            self.gateway = gateway
            self.device = device
            self.isOnLink = isOnLink
        }
    }

    /// `RT_TABLE_MAIN`
    package static let mainTable: UInt32 = 254
    /// What the kernel makes of metric 0 in IPv6: `IP6_RT_PRIO_USER`.
    package static let defaultMetricV6: UInt32 = 1024

    // In the order that leaves the least room between them: there are tables of a hundred thousand.
    package var destination: IPPrefix
    package var kind: Kind
    package var tos: UInt8
    package var table: UInt32
    package var nextHop: NextHop
    package var scope: Scope
    package var `protocol`: RouteProtocol
    package var metric: UInt32
    package var form = Form.plain
    /// The further next hops of a multipath route; weft makes none, others do.
    package var otherNextHops: [NextHop] = []
    package var preferredSource: IPAddress?
    /// Whether the kernel has more to say of it than can be told here, such as an encapsulation, another's next-hop
    /// object or a weight: it could not be made again.
    package var isToldInPart = false
    package var mtu: UInt32?

    package init(
        _ destination: IPPrefix,
        kind: Kind = .unicast,
        via gateway: IPAddress? = nil,
        device: LinkName? = nil,
        isOnLink: Bool = false,
        scope: Scope = .global,
        protocol: RouteProtocol = .weft,
        preferredSource: IPAddress? = nil,
        table: UInt32 = mainTable,
        tos: UInt8 = 0,
        metric: UInt32? = nil,
        mtu: UInt32? = nil
    ) {
        self.destination = destination
        self.kind = kind
        nextHop = NextHop(gateway: gateway, device: device, isOnLink: isOnLink)
        self.scope = scope
        self.protocol = `protocol`
        self.preferredSource = preferredSource
        self.table = table
        self.tos = tos
        self.metric = metric ?? (destination.family == .v6 ? Self.defaultMetricV6 : 0)
        self.mtu = mtu
    }

    package var identity: Identity {
        Identity(destination: destination, tos: tos, table: table, metric: metric)
    }

    /// IPv6 refuses a route whose gateway the one in its place leads to by another link, or to nowhere, even if it says
    /// that the gateway is on the link (`ip6_route_check_nh_onlink` in net/ipv6/route.c).
    package func isReachable(from observed: Route) -> Bool {
        guard destination.family == .v6, nextHop.isOnLink, let gateway = nextHop.gateway else { return true }
        return !destination.contains(gateway) || observed.devices == devices
    }

    /// The links it leads out of.
    package var devices: [LinkName] {
        if otherNextHops.isEmpty { return nextHop.device.map { [$0] } ?? [] }
        return ([nextHop] + otherNextHops).compactMap(\.device)
    }
}

extension Route.Identity {
    // As few words as tell routes apart are faster to hash than all its fields one by one.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(destination)
        hasher.combine(UInt64(table) << 32 | UInt64(metric ^ UInt32(tos) << 24))
    }
}

/// Who installed a route: `RTPROT_*` in linux/rtnetlink.h, and the names iproute2 gives them (etc/iproute2/rt_protos).
package struct RouteProtocol: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let kernel = RouteProtocol(rawValue: 2)
    package static let boot = RouteProtocol(rawValue: 3)
    package static let bird = RouteProtocol(rawValue: 12)
    /// Our own: ASCII `w`, which nothing else is known to use.
    package static let weft = RouteProtocol(rawValue: 119)

    package static let names: [UInt8: String] = [
        0: "unspec", 1: "redirect", 2: "kernel", 3: "boot", 4: "static", 8: "gated", 9: "ra", 10: "mrt", 11: "zebra",
        12: "bird", 13: "dnrouted", 14: "xorp", 15: "ntk", 16: "dhcp", 18: "keepalived", 42: "babel", 186: "bgp",
        187: "isis", 188: "ospf", 189: "rip", 192: "eigrp",
    ]

    private static let numbers = Dictionary(uniqueKeysWithValues: names.map { ($0.value, $0.key) })

    package var description: String { Self.names[rawValue] ?? String(rawValue) }

    /// Reads a name of iproute2's or a number from 1 to 255.
    package init?(parsing text: String) {
        guard let rawValue = Self.numbers[text] ?? UInt8(text), rawValue > 0 else {
            return nil
        }
        self.init(rawValue: rawValue)
    }
}
