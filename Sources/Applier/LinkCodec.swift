import CLinux
import Netlink
import NetworkState

/// A link as the kernel's messages tell of it: other links by number, other namespaces by an identifier.
struct LinkRecord: Hashable {
    var index: UInt32 = 0
    var name: LinkName
    /// `IFLA_INFO_KIND`; empty for a physical device.
    var kind = ""
    var mtu: UInt32?
    var address: MACAddress?
    var controller: UInt32?
    var alias: String?
    var addrGenMode: Link.AddrGenMode?
    var isUp = false
    var hasCarrier = false
    /// The number of a veth pair's other end, in the namespace that ``peerNetns`` identifies, or else in the same one.
    var peer: UInt32?
    var peerNetns: Int32?
    var vxlan: VXLANRecord?
    var settings = LinkSettings()
}

/// `ip link`: `RTM_NEWLINK`, `RTM_SETLINK`, `RTM_DELLINK` and `RTM_GETLINK`, both ways.
///
/// Requests name the link, not its number: the number of one that is made by the same send is not known yet.
enum LinkCodec {
    /// `ip link add name NAME mtu MTU address ADDRESS type KIND peer name PEER netns NETNS`
    ///
    /// `NLM_F_EXCL`, because without it the kernel says yes to a name that is taken, even by another kind of link.
    static func creation(
        of link: Link, kind: String, peerDescriptor: CInt?, _ indices: InterfaceIndices
    ) -> Message {
        var request = Message(type: RTM_NEWLINK, flags: NLM_F_CREATE | NLM_F_EXCL, family: ifinfomsg())
        request.put(IFLA_IFNAME, link.name.text)
        if let mtu = link.initialMTU { request.put(IFLA_MTU, mtu) }
        if let address = link.address { request.put(IFLA_ADDRESS, address.bytes) }
        if link.peer != nil { putSingleQueues(to: &request) }
        request.nest(IFLA_LINKINFO) { info in
            info.put(IFLA_INFO_KIND, kind)
            if let peer = link.peer {
                info.nest(IFLA_INFO_DATA) { data in
                    data.nest(VETH_INFO_PEER) { putPeer(peer.name, in: peerDescriptor, to: &$0) }
                }
            } else if case .vxlan(let vxlan) = link.kind {
                info.nest(IFLA_INFO_DATA) { vxlan.put(to: &$0, indices) }
            }
        }
        return request
    }

    private static func putPeer(_ name: LinkName, in descriptor: CInt?, to request: inout Message) {
        request.put(family: ifinfomsg())
        request.put(IFLA_IFNAME, name.text)
        putSingleQueues(to: &request)
        if let descriptor { request.put(IFLA_NET_NS_FD, UInt32(bitPattern: descriptor)) }
    }

    /// `numtxqueues 1 numrxqueues 1`: as many as either end of a pair uses anyway. Unasked, the kernel makes one a processor, puts
    /// the rest out of use, and waits meanwhile until no processor can be using them (`veth_init_queues` in drivers/net/veth.c).
    private static func putSingleQueues(to request: inout Message) {
        request.put(IFLA_NUM_TX_QUEUES, UInt32(1))
        request.put(IFLA_NUM_RX_QUEUES, UInt32(1))
    }

    /// `ip link set dev NAME mtu MTU address ADDRESS master CONTROLLER alias ALIAS addrgenmode MODE`
    static func setting(_ edit: LinkEdit, of name: LinkName, _ indices: InterfaceIndices) -> Message {
        var request = Message(type: RTM_SETLINK, family: ifinfomsg())
        request.put(IFLA_IFNAME, name.text)
        if let mtu = edit.mtu { request.put(IFLA_MTU, mtu) }
        if let address = edit.address { request.put(IFLA_ADDRESS, address.bytes) }
        switch edit.membership {
        case nil: break
        case .some(.none): request.put(IFLA_MASTER, UInt32(0))
        case .port(let controller): request.put(IFLA_MASTER, indices[controller])
        }
        if let alias = edit.alias { request.put(IFLA_IFALIAS, alias) }
        if let mode = edit.addrGenMode {
            request.nest(IFLA_AF_SPEC) { families in
                families.nest(Int(AF_INET6)) { $0.put(IFLA_INET6_ADDR_GEN_MODE, mode.rawValue) }
            }
        }
        return request
    }

    /// `ip link set dev NAME up`: by itself, because `addrgenmode` in the same message would take effect after it.
    static func setting(isUp: Bool, of name: LinkName) -> Message {
        var header = ifinfomsg()
        header.ifi_flags = isUp ? UInt32(IFF_UP) : 0
        header.ifi_change = UInt32(IFF_UP)
        var request = Message(type: RTM_SETLINK, family: header)
        request.put(IFLA_IFNAME, name.text)
        return request
    }

    /// `ip link delete dev NAME`
    static func removal(of name: LinkName) -> Message {
        var request = Message(type: RTM_DELLINK, family: ifinfomsg())
        request.put(IFLA_IFNAME, name.text)
        return request
    }

    /// `ip link show dev NAME`
    static func query(_ name: LinkName) -> Message {
        var request = Message(type: RTM_GETLINK, family: ifinfomsg())
        request.put(IFLA_IFNAME, name.text)
        request.put(IFLA_EXT_MASK, UInt32(RTEXT_FILTER_SKIP_STATS))
        return request
    }

    /// `ip link show`
    static func dump() -> Message {
        var request = Message(type: RTM_GETLINK, flags: NLM_F_DUMP, family: ifinfomsg())
        request.put(IFLA_EXT_MASK, UInt32(RTEXT_FILTER_SKIP_STATS))
        return request
    }

    /// Nil for a message that names no link.
    static func read(_ message: RawSpan) throws(NetlinkError) -> LinkRecord? {
        let header = try message.header(ifinfomsg.self)
        guard let name = try name(in: message) else { return nil }
        var record = LinkRecord(index: UInt32(bitPattern: header.ifi_index), name: name)
        record.isUp = header.ifi_flags & UInt32(IFF_UP) != 0
        try Attributes(message, after: ifinfomsg.self).forEach { (type, value) throws(NetlinkError) in
            switch Int(type) {
            case IFLA_MTU: record.mtu = try value.integer() as UInt32
            case IFLA_ADDRESS: record.address = MACAddress(bytes: value.byteArray)
            case IFLA_MASTER: record.controller = try value.integer() as UInt32
            case IFLA_CARRIER: record.hasCarrier = try value.integer() as UInt8 != 0
            case IFLA_IFALIAS: record.alias = value.string
            case IFLA_LINK: record.peer = try value.integer() as UInt32
            case IFLA_LINK_NETNSID: record.peerNetns = try value.integer() as Int32
            case IFLA_LINKINFO: try readKind(in: value, of: &record)
            case IFLA_AF_SPEC: try readFamilies(in: value, of: &record)
            default: break
            }
        }
        if header.ifi_flags & UInt32(IFF_LOOPBACK) != 0 { record.kind = Link.Kind.loopback.word }
        return record
    }

    private static func name(in message: RawSpan) throws(NetlinkError) -> LinkName? {
        var name: LinkName?
        try Attributes(message, after: ifinfomsg.self).forEach { (type, value) throws(NetlinkError) in
            if Int(type) == IFLA_IFNAME { name = LinkName(value.string) }
        }
        return name
    }

    /// The kernel puts the kind before its data.
    private static func readKind(in info: RawSpan, of record: inout LinkRecord) throws(NetlinkError) {
        try Attributes(info).forEach { (type, value) throws(NetlinkError) in
            switch Int(type) {
            case IFLA_INFO_KIND: record.kind = value.string
            case IFLA_INFO_DATA where record.kind == "vxlan": record.vxlan = try VXLANRecord(reading: value)
            case IFLA_INFO_DATA where record.kind == "tun": record.kind = try tunMode(in: value)
            default: break
            }
        }
    }

    /// `tun`, or `tap` for one that carries frames.
    private static func tunMode(in data: RawSpan) throws(NetlinkError) -> String {
        var mode = UInt8(IFF_TUN)
        try Attributes(data).forEach { (type, value) throws(NetlinkError) in
            if Int(type) == IFLA_TUN_TYPE { mode = try value.integer() }
        }
        return mode == UInt8(IFF_TUN) ? "tun" : "tap"
    }

    private static func readFamilies(in families: RawSpan, of record: inout LinkRecord) throws(NetlinkError) {
        try Attributes(families).forEach { (family, values) throws(NetlinkError) in
            let family = CInt(family)
            guard family == AF_INET || family == AF_INET6 else { return }
            try Attributes(values).forEach { (type, value) throws(NetlinkError) in
                switch (family, Int(type)) {
                case (AF_INET, IFLA_INET_CONF): record.settings = try LinkSettings(reading: value)
                case (AF_INET6, IFLA_INET6_ADDR_GEN_MODE):
                    record.addrGenMode = Link.AddrGenMode(rawValue: try value.integer())
                default: break
                }
            }
        }
    }
}
