import CLinux
import Netlink
import NetworkState

/// `ip nexthop`: `RTM_NEWNEXTHOP`, `RTM_DELNEXTHOP` and `RTM_GETNEXTHOP`, both ways.
enum NextHopCodec {
    /// What a kernel has: an object such as we make, or any other.
    enum Record: Hashable {
        case ours(NextHopObject)
        /// With its members, if it is a group.
        case foreign(UInt32, members: [UInt32])
    }

    /// `ip nexthop replace id ID via ADDRESS dev DEVICE`
    static func replacement(with object: NextHopObject, _ indices: InterfaceIndices) -> Message {
        var header = nhmsg()
        header.nh_family = object.gateway.family.wire
        header.nh_protocol = object.protocol.rawValue
        header.nh_flags = object.isOnLink ? UInt32(RTNH_F_ONLINK) : 0
        var request = Message(type: RTM_NEWNEXTHOP, flags: NLM_F_CREATE | NLM_F_REPLACE, family: header)
        request.put(Int(NHA_ID), object.id)
        request.put(Int(NHA_GATEWAY), object.gateway.bytes)
        request.put(Int(NHA_OIF), indices[object.device])
        return request
    }

    /// `ip nexthop delete id ID`
    static func removal(of object: NextHopObject) -> Message {
        var request = Message(type: RTM_DELNEXTHOP, family: nhmsg())
        request.put(Int(NHA_ID), object.id)
        return request
    }

    /// `ip nexthop show`
    static func dump() -> Message {
        Message(type: RTM_GETNEXTHOP, flags: NLM_F_DUMP, family: nhmsg())
    }

    /// Ours has our mark, and says no more than where it leads.
    static func read(_ message: RawSpan, _ indices: InterfaceIndices) throws(NetlinkError) -> Record? {
        let header = try message.header(nhmsg.self)
        var (id, device, gateway): (UInt32, LinkName?, IPAddress?) = (0, nil, nil)
        var members: [UInt32] = []
        var hasMore = false
        try Attributes(message, after: nhmsg.self).forEach { (type, value) throws(NetlinkError) in
            switch Int(type) {
            case Int(NHA_ID): id = try value.integer()
            case Int(NHA_OIF): device = try indices.name(of: value.integer())
            case Int(NHA_GATEWAY): gateway = try value.address()
            case Int(NHA_GROUP): members = try Self.members(value)
            default: hasMore = true
            }
        }
        guard id != 0 else { return nil }
        let `protocol` = RouteProtocol(rawValue: header.nh_protocol)
        guard `protocol` == .weft, members.isEmpty, !hasMore, let device, let gateway, gateway.family == .v4 else {
            return .foreign(id, members: members)
        }
        let isOnLink = header.nh_flags & UInt32(RTNH_F_ONLINK) != 0
        return .ours(NextHopObject(id, via: gateway, device: device, isOnLink: isOnLink, protocol: `protocol`))
    }

    private static func members(_ group: RawSpan) throws(NetlinkError) -> [UInt32] {
        let size = MemoryLayout<nexthop_grp>.size
        var members: [UInt32] = []
        for offset in stride(from: 0, to: group.byteCount - size + 1, by: size) {
            members.append(try group.extracting(droppingFirst: offset).header(nexthop_grp.self).id)
        }
        return members
    }
}
