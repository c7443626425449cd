import CLinux
import Netlink
import NetworkState

extension RouteCodec {
    /// Nil for what is no route of weft's world: the kernel's `local` table, cached clones, and other families' routes.
    ///
    /// - `nextHops`: those of the namespace. What a route says besides of where one leads depends on a setting
    ///   (`nexthop_compat_mode`).
    static func read(
        _ message: RawSpan, _ indices: InterfaceIndices, _ nextHops: NextHops = NextHops()
    ) throws(NetlinkError) -> Route? {
        let header = try message.header(rtmsg.self)
        guard let family = IPAddress.Family(wire: header.rtm_family), let kind = Route.Kind(rawValue: header.rtm_type),
            header.rtm_flags & UInt32(RTM_F_CLONED) == 0
        else { return nil }
        var parts = RouteParts(table: UInt32(header.rtm_table))
        try Attributes(message, after: rtmsg.self).forEach { (type, value) throws(NetlinkError) in
            try parts.read(UInt32(type), value, indices)
        }
        guard parts.table != UInt32(RT_TABLE_LOCAL.rawValue),
            let destination = IPPrefix(parts.destination ?? .any(family), length: Int(header.rtm_dst_len))
        else { return nil }
        parts.nextHop.isOnLink = header.rtm_flags & UInt32(RTNH_F_ONLINK) != 0
        parts.resolve(nextHops)
        // IPv6 hangs routes that lead nowhere on the loopback link; they are declared without one.
        if kind.leadsNowhere { parts.nextHop.device = nil }
        let nextHop = parts.multipath.first ?? parts.nextHop
        var route = Route(
            destination, kind: kind, via: nextHop.gateway, device: nextHop.device, isOnLink: nextHop.isOnLink,
            scope: Scope(rawValue: header.rtm_scope), protocol: RouteProtocol(rawValue: header.rtm_protocol),
            preferredSource: parts.preferredSource, table: parts.table, tos: header.rtm_tos,
            metric: parts.metric, mtu: parts.mtu
        )
        route.otherNextHops = Array(parts.multipath.dropFirst())
        route.isToldInPart = parts.hasMore
        route.form = parts.object.map(Route.Form.object) ?? .plain
        return route
    }
}

/// What a route's attributes say.
private struct RouteParts {
    var destination: IPAddress?
    var nextHop = Route.NextHop()
    var multipath: [Route.NextHop] = []
    var preferredSource: IPAddress?
    var table: UInt32
    var metric: UInt32 = 0
    var mtu: UInt32?
    /// The number of a next-hop object.
    var object: UInt32?
    /// Whether there is anything in it that a ``Route`` has no place for.
    var hasMore = false

    init(table: UInt32) {
        self.table = table
    }

    mutating func read(_ type: UInt32, _ value: RawSpan, _ indices: InterfaceIndices) throws(NetlinkError) {
        switch type {
        case RTA_DST.rawValue: destination = try value.address()
        case RTA_OIF.rawValue: nextHop.device = try indices.name(of: value.integer())
        case RTA_GATEWAY.rawValue: nextHop.gateway = try value.address()
        case RTA_VIA.rawValue: nextHop.gateway = try gateway(inVia: value)
        case RTA_MULTIPATH.rawValue: try readNextHops(value, indices)
        case RTA_PREFSRC.rawValue: preferredSource = try value.address()
        case RTA_TABLE.rawValue: table = try value.integer()
        case RTA_PRIORITY.rawValue: metric = try value.integer()
        case RTA_METRICS.rawValue: try readMetrics(value)
        case RTA_NH_ID.rawValue: object = try value.integer()
        case RTA_ENCAP.rawValue: hasMore = true
        case RTA_PREF.rawValue: hasMore = hasMore || value.byteArray != [0]
        default: break
        }
    }

    /// Another's object may be more than its gateway.
    mutating func resolve(_ nextHops: NextHops) {
        guard let object else { return }
        if let object = nextHops.ours[object] { nextHop = object.nextHop } else { hasMore = true }
    }

    private mutating func readMetrics(_ metrics: RawSpan) throws(NetlinkError) {
        try Attributes(metrics).forEach { (type, value) throws(NetlinkError) in
            if Int(type) == RTAX_MTU {
                mtu = try value.integer() as UInt32
            } else if value.byteArray.contains(where: { $0 != 0 }) {
                hasMore = true
            }
        }
    }

    private mutating func readNextHops(_ value: RawSpan, _ indices: InterfaceIndices) throws(NetlinkError) {
        var offset = 0
        while offset < value.byteCount {
            let rest = value.extracting(droppingFirst: offset)
            let header = try rest.header(rtnexthop.self)
            let length = Int(header.rtnh_len)
            guard (MemoryLayout<rtnexthop>.size...rest.byteCount).contains(length) else {
                throw .malformedPayload(length: length)
            }
            multipath.append(try nextHop(header, in: rest.extracting(first: length), indices))
            offset += aligned(length)
        }
    }

    private mutating func nextHop(
        _ header: rtnexthop, in value: RawSpan, _ indices: InterfaceIndices
    ) throws(NetlinkError) -> Route.NextHop {
        var nextHop = Route.NextHop(isOnLink: header.rtnh_flags & UInt8(RTNH_F_ONLINK) != 0)
        if header.rtnh_ifindex != 0 { nextHop.device = try indices.name(of: UInt32(bitPattern: header.rtnh_ifindex)) }
        // A weight, less one.
        if header.rtnh_hops != 0 { hasMore = true }
        try Attributes(value, after: rtnexthop.self).forEach { (type, value) throws(NetlinkError) in
            switch UInt32(type) {
            case RTA_GATEWAY.rawValue: nextHop.gateway = try value.address()
            case RTA_VIA.rawValue: nextHop.gateway = try gateway(inVia: value)
            case RTA_ENCAP.rawValue: hasMore = true
            default: break
            }
        }
        return nextHop
    }
}

/// `struct rtvia`: a family in two bytes, and the address.
private func gateway(inVia value: RawSpan) throws(NetlinkError) -> IPAddress {
    let familyLength = 2
    guard value.byteCount >= familyLength else { throw .malformedPayload(length: value.byteCount) }
    return try value.extracting(droppingFirst: familyLength).address()
}

extension Route.Kind {
    fileprivate var leadsNowhere: Bool {
        switch self {
        case .blackhole, .unreachable, .prohibit, .throw: true
        case .unicast, .local, .broadcast, .anycast, .multicast, .nat: false
        }
    }
}
