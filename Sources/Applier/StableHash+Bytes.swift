package import Netlink
package import NetworkState

extension StableHash {
    /// Eight bytes at once; the same bytes in other pieces give another hash.
    package mutating func add(_ bytes: RawSpan) throws(NetlinkError) {
        var rest = bytes
        while rest.byteCount >= MemoryLayout<UInt64>.size {
            add(word: try rest.header(UInt64.self))
            rest = rest.extracting(droppingFirst: MemoryLayout<UInt64>.size)
        }
        // As most netlink messages end: without a list of the bytes.
        if rest.byteCount >= MemoryLayout<UInt32>.size {
            add(word: UInt64(try rest.header(UInt32.self)))
            rest = rest.extracting(droppingFirst: MemoryLayout<UInt32>.size)
        }
        rest.byteArray.forEach { add($0) }
    }
}
