import CLinux
import Netlink
import NetworkState

/// `ip route`: `RTM_NEWROUTE`, `RTM_DELROUTE` and `RTM_GETROUTE`, both ways.
///
/// Every request carries the full key and more: the kernel fills what is missing with the first route it meets.
enum RouteCodec {
    /// `ip route add …`
    ///
    /// `NLM_F_EXCL`: without it IPv6 merges the route with another of the same destination and metric.
    static func addition(of route: Route, _ indices: InterfaceIndices) -> Message {
        request(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, route, indices)
    }

    /// `ip route replace …`
    static func replacement(with route: Route, _ indices: InterfaceIndices) -> Message {
        request(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, route, indices)
    }

    /// `ip route delete …`
    static func removal(of route: Route, _ indices: InterfaceIndices) -> Message {
        request(RTM_DELROUTE, 0, route, indices)
    }

    /// `ip -4 route show table all`, or `-6`; or of the main table alone.
    ///
    /// Without rules of its own a namespace has its IPv4 tables `local` and `main` in one trie, which a dump of all tables walks twice.
    static func dump(_ family: IPAddress.Family, ofMainAlone isOfMain: Bool = false) -> Message {
        var header = rtmsg()
        header.rtm_family = family.wire
        if isOfMain { header.rtm_table = UInt8(RT_TABLE_MAIN.rawValue) }
        return Message(type: RTM_GETROUTE, flags: NLM_F_DUMP, family: header)
    }

    private static func request(_ type: Int, _ flags: CInt, _ route: Route, _ indices: InterfaceIndices) -> Message {
        var request = Message(type: type, flags: flags, family: header(of: route))
        if route.destination.length > 0 { request.put(RTA_DST, route.destination.address.bytes) }
        if route.table > UInt8.max { request.put(RTA_TABLE, route.table) }
        if route.metric != 0 { request.put(RTA_PRIORITY, route.metric) }
        if let source = route.preferredSource { request.put(RTA_PREFSRC, source.bytes) }
        if let mtu = route.mtu {
            request.nest(Int(RTA_METRICS.rawValue)) { $0.put(RTAX_MTU, mtu) }
        }
        if let id = route.form.object {
            request.put(RTA_NH_ID, id)
        } else if route.otherNextHops.isEmpty {
            putGateway(of: route.nextHop, route.destination.family, to: &request)
            if let device = route.nextHop.device { request.put(RTA_OIF, indices[device]) }
        } else {
            request.nest(Int(RTA_MULTIPATH.rawValue)) { putNextHops(of: route, indices, to: &$0) }
        }
        return request
    }

    private static func header(of route: Route) -> rtmsg {
        var header = rtmsg()
        header.rtm_family = route.destination.family.wire
        header.rtm_dst_len = UInt8(route.destination.length)
        header.rtm_tos = route.tos
        header.rtm_table = UInt8(exactly: route.table) ?? UInt8(RT_TABLE_UNSPEC.rawValue)
        header.rtm_protocol = route.protocol.rawValue
        header.rtm_scope = route.scope.rawValue
        header.rtm_type = route.kind.rawValue
        // Those of several next hops are in theirs, those of an object in it.
        let isAlone = route.otherNextHops.isEmpty && route.form.object == nil
        header.rtm_flags = isAlone ? UInt32(flags(of: route.nextHop)) : 0
        return header
    }

    private static func flags(of nextHop: Route.NextHop) -> UInt8 {
        nextHop.isOnLink ? UInt8(RTNH_F_ONLINK) : 0
    }

    private static func putNextHops(of route: Route, _ indices: InterfaceIndices, to request: inout Message) {
        for nextHop in [route.nextHop] + route.otherNextHops {
            var header = rtnexthop()
            header.rtnh_flags = flags(of: nextHop)
            header.rtnh_ifindex = nextHop.device.map { Int32(bitPattern: indices[$0]) } ?? 0
            request.putMeasured(header) { putGateway(of: nextHop, route.destination.family, to: &$0) }
        }
    }

    /// A gateway of the other family goes into `RTA_VIA`, which names its family (RFC 5549).
    private static func putGateway(
        of nextHop: Route.NextHop, _ family: IPAddress.Family, to request: inout Message
    ) {
        guard let gateway = nextHop.gateway else { return }
        if gateway.family == family {
            request.put(RTA_GATEWAY, gateway.bytes)
        } else {
            request.put(Int(RTA_VIA.rawValue), [gateway.family.wire, 0] + gateway.bytes)
        }
    }
}

extension Message {
    fileprivate mutating func put(_ attribute: rtattr_type_t, _ value: UInt32) { put(Int(attribute.rawValue), value) }
    fileprivate mutating func put(_ attribute: rtattr_type_t, _ value: [UInt8]) { put(Int(attribute.rawValue), value) }
}
