import CLinux
import Netlink
import NetworkState

/// `ip neighbour`: `RTM_NEWNEIGH`, `RTM_DELNEIGH` and `RTM_GETNEIGH`, both ways.
enum NeighbourCodec {
    /// `ip neighbour replace ADDRESS dev DEVICE lladdr ADDRESS nud permanent`
    static func replacement(with neighbour: Neighbour, _ indices: InterfaceIndices) -> Message {
        request(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, neighbour, indices)
    }

    /// `ip neighbour delete ADDRESS dev DEVICE`
    static func removal(of neighbour: Neighbour, _ indices: InterfaceIndices) -> Message {
        request(RTM_DELNEIGH, 0, neighbour, indices)
    }

    /// `ip neighbour show nud all`
    static func dump() -> Message {
        Message(type: RTM_GETNEIGH, flags: NLM_F_DUMP, family: ndmsg())
    }

    private static func request(
        _ type: Int, _ flags: CInt, _ neighbour: Neighbour, _ indices: InterfaceIndices
    ) -> Message {
        var header = ndmsg()
        header.ndm_family = neighbour.address.family.wire
        header.ndm_ifindex = Int32(bitPattern: indices[neighbour.device])
        header.ndm_state = UInt16(neighbour.state == .permanent ? NUD_PERMANENT : NUD_STALE)
        var request = Message(type: type, flags: flags, family: header)
        request.put(NDA_DST, neighbour.address.bytes)
        if let address = neighbour.linkLayerAddress { request.put(NDA_LLADDR, address.bytes) }
        if let owner = neighbour.protocol { request.put(NDA_PROTOCOL, owner.rawValue) }
        return request
    }

    /// Nil for what resolves no address: multicast and loopback entries (`NUD_NOARP`), entries with no state yet,
    /// proxies, and other families' entries.
    static func read(_ message: RawSpan, _ indices: InterfaceIndices) throws(NetlinkError) -> Neighbour? {
        let header = try message.header(ndmsg.self)
        let state = CInt(header.ndm_state)
        guard IPAddress.Family(wire: header.ndm_family) != nil, state != NUD_NONE, state & NUD_NOARP == 0,
            CInt(header.ndm_flags) & NTF_PROXY == 0
        else { return nil }
        var address: IPAddress?
        var linkLayerAddress: MACAddress?
        var owner: RouteProtocol?
        try Attributes(message, after: ndmsg.self).forEach { (type, value) throws(NetlinkError) in
            switch Int(type) {
            case NDA_DST: address = try value.address()
            case NDA_LLADDR: linkLayerAddress = MACAddress(bytes: value.byteArray)
            case NDA_PROTOCOL: owner = RouteProtocol(rawValue: try value.integer())
            default: break
            }
        }
        guard let address else { return nil }
        return Neighbour(
            address, device: try indices.name(of: UInt32(bitPattern: header.ndm_ifindex)),
            linkLayerAddress: linkLayerAddress, state: state & NUD_PERMANENT != 0 ? .permanent : .dynamic,
            protocol: owner
        )
    }
}
