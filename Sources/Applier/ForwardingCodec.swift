import CLinux
import Netlink
import NetworkState

/// `bridge fdb` of a VXLAN link: `RTM_NEWNEIGH`, `RTM_DELNEIGH` and `RTM_GETNEIGH` of family `AF_BRIDGE`, both ways.
enum ForwardingCodec {
    /// `bridge fdb replace MAC dev DEVICE dst ADDRESS self permanent`
    static func replacement(with entry: ForwardingEntry, _ indices: InterfaceIndices) -> Message {
        request(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, entry, indices)
    }

    /// `bridge fdb delete MAC dev DEVICE dst ADDRESS self permanent`
    static func removal(of entry: ForwardingEntry, _ indices: InterfaceIndices) -> Message {
        request(RTM_DELNEIGH, 0, entry, indices)
    }

    /// `bridge fdb show dev DEVICE`: of one link, since each link of a namespace has such a table.
    static func dump(of index: UInt32) -> Message {
        var header = ndmsg()
        header.ndm_family = UInt8(AF_BRIDGE)
        header.ndm_ifindex = Int32(bitPattern: index)
        return Message(type: RTM_GETNEIGH, flags: NLM_F_DUMP, family: header)
    }

    private static func request(
        _ type: Int, _ flags: CInt, _ entry: ForwardingEntry, _ indices: InterfaceIndices
    ) -> Message {
        var header = ndmsg()
        header.ndm_family = UInt8(AF_BRIDGE)
        header.ndm_ifindex = Int32(bitPattern: indices[entry.device])
        // As bridge(8) says "permanent".
        header.ndm_state = UInt16(NUD_NOARP | NUD_PERMANENT)
        header.ndm_flags = UInt8(NTF_SELF)
        var request = Message(type: type, flags: flags, family: header)
        request.put(NDA_LLADDR, entry.linkLayerAddress.bytes)
        request.put(NDA_DST, entry.remote.bytes)
        return request
    }

    /// Nil for what is no host's: entries that were learnt, and those without an underlay address.
    static func read(_ message: RawSpan, _ indices: InterfaceIndices) throws(NetlinkError) -> ForwardingEntry? {
        let header = try message.header(ndmsg.self)
        guard CInt(header.ndm_state) & NUD_PERMANENT != 0, CInt(header.ndm_flags) & NTF_SELF != 0 else { return nil }
        var remote: IPAddress?
        var linkLayerAddress: MACAddress?
        try Attributes(message, after: ndmsg.self).forEach { (type, value) throws(NetlinkError) in
            switch Int(type) {
            case NDA_DST: remote = try value.address()
            case NDA_LLADDR: linkLayerAddress = MACAddress(bytes: value.byteArray)
            default: break
            }
        }
        guard let remote, let linkLayerAddress else { return nil }
        let device = try indices.name(of: UInt32(bitPattern: header.ndm_ifindex))
        return ForwardingEntry(linkLayerAddress, device: device, remote: remote)
    }
}
