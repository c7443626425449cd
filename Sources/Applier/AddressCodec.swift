import CLinux
import Netlink
import NetworkState

/// `ip address`: `RTM_NEWADDR`, `RTM_DELADDR` and `RTM_GETADDR`, both ways.
enum AddressCodec {
    /// `ip address add PREFIX dev DEVICE scope SCOPE nodad`
    static func addition(of address: Address, _ indices: InterfaceIndices) -> Message {
        request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, address, indices)
    }

    /// `ip address change PREFIX dev DEVICE …`
    static func change(to address: Address, _ indices: InterfaceIndices) -> Message {
        request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, address, indices)
    }

    /// `ip address delete PREFIX dev DEVICE`
    static func removal(of address: Address, _ indices: InterfaceIndices) -> Message {
        request(RTM_DELADDR, 0, address, indices)
    }

    /// `ip address show`
    static func dump() -> Message {
        Message(type: RTM_GETADDR, flags: NLM_F_DUMP, family: ifaddrmsg())
    }

    private static func request(
        _ type: Int, _ flags: CInt, _ address: Address, _ indices: InterfaceIndices
    ) -> Message {
        var header = ifaddrmsg()
        header.ifa_family = address.prefix.family.wire
        header.ifa_prefixlen = UInt8(address.prefix.length)
        header.ifa_scope = address.scope.rawValue
        header.ifa_index = indices[address.device]
        header.ifa_flags = UInt8(address.isNoDAD ? IFA_F_NODAD : 0)
        var request = Message(type: type, flags: flags, family: header)
        let bytes = address.prefix.address.bytes
        request.put(IFA_LOCAL, bytes)
        request.put(IFA_ADDRESS, bytes)
        if let owner = address.protocol { request.put(IFA_PROTO, owner) }
        return request
    }

    /// Nil for a family that weft knows nothing of.
    static func read(_ message: RawSpan, _ indices: InterfaceIndices) throws(NetlinkError) -> Address? {
        let header = try message.header(ifaddrmsg.self)
        guard IPAddress.Family(wire: header.ifa_family) != nil else { return nil }
        var flags = UInt32(header.ifa_flags)
        var (local, remote): (IPAddress?, IPAddress?)
        var owner: UInt8?
        try Attributes(message, after: ifaddrmsg.self).forEach { (type, value) throws(NetlinkError) in
            switch Int(type) {
            case IFA_LOCAL: local = try value.address()
            case IFA_ADDRESS: remote = try value.address()
            case IFA_FLAGS: flags = try value.integer()
            case IFA_PROTO: owner = try value.integer()
            default: break
            }
        }
        // On a point-to-point link IFA_ADDRESS is the other side's; IPv6 has IFA_LOCAL only then.
        guard let address = local ?? remote,
            let prefix = IPPrefix(address, length: Int(header.ifa_prefixlen))
        else { return nil }
        return Address(
            prefix, device: try indices.name(of: header.ifa_index), scope: Scope(rawValue: header.ifa_scope),
            isNoDAD: flags & UInt32(IFA_F_NODAD) != 0, protocol: owner
        )
    }
}
