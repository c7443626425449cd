import CLinux
import Glibc

/// Which of the kernel's announcements may matter to someone who cares for certain routes and neighbours.
///
/// Links, addresses, rules and settings change rarely, and all are let through. A host that takes part in a routing
/// protocol has its routes changed all day, and neighbours come and go with traffic: of those, only what somebody cares for.
package struct EventFilter: Hashable, Sendable {
    /// What tells a route's destination from another's.
    package struct Destination: Hashable, Sendable {
        let address: [UInt8]
        let length: UInt8

        /// `address` in network byte order; none for a default route.
        package init(_ address: [UInt8], length: Int) {
            self.address = length == 0 ? [] : address
            self.length = UInt8(truncatingIfNeeded: length)
        }
    }

    package var destinations: Set<Destination> = []
    /// IP addresses of neighbours and link-layer addresses of forwarding entries, in network byte order.
    package var neighbours: Set<[UInt8]> = []

    package init() {}

    func admits(_ message: borrowing ReceivedMessage) throws(NetlinkError) -> Bool {
        switch Int(message.header.nlmsg_type) {
        case RTM_NEWROUTE, RTM_DELROUTE: try admitsRoute(message.payload)
        case RTM_NEWNEIGH, RTM_DELNEIGH: try admitsNeighbour(message.payload)
        default: true
        }
    }

    private func admitsRoute(_ payload: RawSpan) throws(NetlinkError) -> Bool {
        let header = try payload.header(rtmsg.self)
        guard header.rtm_flags & UInt32(RTM_F_CLONED) == 0 else { return false }
        var address: [UInt8] = []
        try Attributes(payload, after: rtmsg.self).forEach { (type, value) throws(NetlinkError) in
            if UInt32(type) == RTA_DST.rawValue { address = value.byteArray }
        }
        return destinations.contains(Destination(address, length: Int(header.rtm_dst_len)))
    }

    private func admitsNeighbour(_ payload: RawSpan) throws(NetlinkError) -> Bool {
        let header = try payload.header(ndmsg.self)
        let key = CInt(header.ndm_family) == AF_BRIDGE ? NDA_LLADDR : NDA_DST
        var isCaredFor = false
        try Attributes(payload, after: ndmsg.self).forEach { (type, value) throws(NetlinkError) in
            if Int(type) == key, neighbours.contains(value.byteArray) { isCaredFor = true }
        }
        return isCaredFor
    }
}
