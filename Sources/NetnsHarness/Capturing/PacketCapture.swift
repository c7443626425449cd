import Netlink

/// What was seen on a lab's links, as Wireshark and tcpdump read it: pcapng (draft-ietf-opsawg-pcapng).
///
/// Each link of each node is an interface of the file, `A:eth0`, described when its first frame comes. So a capture can
/// be written while it goes on.
package struct PacketCapture: Sendable {
    private struct Interface: Hashable {
        let node: String
        let link: String
        let isEthernet: Bool
    }

    private let snapLength: Int
    private var interfaces: [Interface: UInt32] = [:]
    private var waiting: [UInt8]

    /// An empty one.
    ///
    /// - `snapLength`: what there is room for of each frame, in bytes.
    /// - `comment`: of the whole, shown with the file's properties.
    package init(snapLength: Int = Tap.standardLength, comment: String? = nil) {
        self.snapLength = snapLength
        waiting = Self.section(comment)
    }

    /// All of a recording.
    package init(_ recording: Recording, comment: String? = nil) {
        self.init(snapLength: recording.snapLength, comment: comment)
        for entry in recording.entries { append(entry, wallClockLead: recording.wallClockLead) }
    }

    /// The file as far as it was not taken yet.
    package var bytes: [UInt8] { waiting }

    /// Hands over what there is to be written since this was asked last.
    package mutating func takeBytes() -> [UInt8] {
        defer { waiting = [] }
        return waiting
    }

    /// - `wallClockLead`: how far the wall clock was ahead of the frame's, in nanoseconds.
    /// - `comment`: of this frame, shown beside it.
    package mutating func append(_ entry: Recording.Entry, wallClockLead: Int64, comment: String? = nil) {
        let interface = number(of: Interface(node: entry.node, link: entry.link, isEthernet: entry.frame.isEthernet))
        let time = UInt64(max(0, entry.frame.time.nanoseconds + wallClockLead))
        var block = CaptureBlock(.enhancedPacket)
        block.put(interface)
        block.put(UInt32(truncatingIfNeeded: time >> 32))
        block.put(UInt32(truncatingIfNeeded: time))
        block.put(UInt32(entry.frame.bytes.count))
        block.put(UInt32(entry.frame.length))
        block.put(entry.frame.bytes)
        block.putOption(.nameOrFlags, entry.frame.captureFlags)
        block.putOption(.comment, comment)
        waiting += block.bytes
    }

    private mutating func number(of interface: Interface) -> UInt32 {
        if let number = interfaces[interface] { return number }
        let number = UInt32(interfaces.count)
        interfaces[interface] = number
        waiting += description(of: interface)
        return number
    }

    /// `LINKTYPE_ETHERNET` and `LINKTYPE_RAW`, which begins with an IP header.
    private static let linkTypes: (ethernet: UInt16, raw: UInt16) = (1, 101)
    /// Times are in so many decimal places of a second.
    private static let timeResolution: UInt8 = 9

    /// §4.2, Interface Description Block.
    private func description(of interface: Interface) -> [UInt8] {
        var block = CaptureBlock(.interface)
        block.put(interface.isEthernet ? Self.linkTypes.ethernet : Self.linkTypes.raw)
        block.put(UInt16(0))
        block.put(UInt32(snapLength))
        block.putOption(.nameOrFlags, "\(interface.node):\(interface.link)")
        block.putOption(.timeResolution, [Self.timeResolution])
        return block.bytes
    }

    /// §4.1, Section Header Block: byte order, version 1.0, and a length that is not known yet.
    private static func section(_ comment: String?) -> [UInt8] {
        var block = CaptureBlock(.section)
        block.put(UInt32(0x1a2b_3c4d))
        block.put(UInt16(1))
        block.put(UInt16(0))
        block.put(Int64(-1))
        block.putOption(.comment, comment)
        block.putOption(.application, "weft")
        return block.bytes
    }
}

extension TappedFrame {
    /// §4.3.1: the direction in the lowest two bits; then how it was received, of which 4 is promiscuously.
    fileprivate var captureFlags: [UInt8] {
        let direction: UInt8 = self.direction == .incoming ? 1 : 2
        return [direction | (isForOthers ? 4 << 2 : 0), 0, 0, 0]
    }
}
