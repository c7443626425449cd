import CLinux
import Netlink
import NetworkState

/// A hash of routes as a kernel tells them, in its order: to see that nothing has changed it takes no more than to read them.
///
/// What is told otherwise has another hash, even where it means the same.
struct RouteDigest {
    private var hash = StableHash()

    var value: UInt64 { hash.value }

    /// Adds the `RTM_NEWROUTE` in `message`, but for how long ago and how often it was used (`RTA_CACHEINFO`).
    mutating func add(_ message: RawSpan) throws(NetlinkError) {
        try add(words: message.extracting(first: min(message.byteCount, aligned(MemoryLayout<rtmsg>.size))))
        try Attributes(message, after: rtmsg.self).forEach { (type, value) throws(NetlinkError) in
            if UInt32(type) == RTA_CACHEINFO.rawValue { return }
            hash.add(word: UInt64(type) << 32 | UInt64(value.byteCount))
            try add(words: value)
        }
    }

    private mutating func add(words bytes: RawSpan) throws(NetlinkError) {
        let length = MemoryLayout<UInt32>.size
        var offset = 0
        while bytes.byteCount - offset >= length {
            hash.add(word: UInt64(try bytes.extracting(droppingFirst: offset).integer() as UInt32))
            offset += length
        }
        if offset < bytes.byteCount { bytes.extracting(droppingFirst: offset).byteArray.forEach { hash.add($0) } }
    }
}
