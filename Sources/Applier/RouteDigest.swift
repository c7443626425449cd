import CLinux
import Netlink
import NetworkState

/// A hash of the main tables' routes as a kernel tells them, in its order: to see that nothing has changed it takes no more than
/// to read them.
///
/// What is told otherwise has another hash, even where it means the same.
struct RouteDigest {
    private var hash = StableHash()

    var value: UInt64 { hash.value }

    /// Adds the `RTM_NEWROUTE` in `message`, unless it is of another table: weft declares none, so no plan depends on one.
    mutating func add(_ message: RawSpan) throws(NetlinkError) {
        let header = try message.header(rtmsg.self)
        guard UInt32(header.rtm_table) == RT_TABLE_MAIN.rawValue else { return }
        guard CInt(header.rtm_family) == AF_INET6 else { return hash.add(word: message.digest) }
        hash.add(word: message.extracting(first: aligned(MemoryLayout<rtmsg>.size)).digest)
        try Attributes(message, after: rtmsg.self).forEach { (type, value) throws(NetlinkError) in
            // How long ago a route was used, and how often, which IPv4 does not tell of.
            if UInt32(type) == RTA_CACHEINFO.rawValue { return }
            hash.add(word: UInt64(type))
            hash.add(word: value.digest)
        }
    }
}
