package import Netlink

/// What was seen on the links of a lab's nodes for a while, in the order of time.
package struct Recording: Sendable {
    package struct Entry: Sendable {
        package let node: String
        /// `veth1`; a link that has gone meanwhile goes by its number.
        package let link: String
        package let frame: TappedFrame
    }

    package internal(set) var entries: [Entry]
    /// Frames that passed and were not kept, for want of room.
    package let losses: Int
    /// How far the wall clock was ahead of the frames' times, in nanoseconds.
    package let wallClockLead: Int64
    /// What there was room for of each frame, in bytes.
    package let snapLength: Int

    package init(entries: [Entry], losses: Int, wallClockLead: Int64, snapLength: Int) {
        self.entries = entries.inOrder
        self.losses = losses
        self.wallClockLead = wallClockLead
        self.snapLength = snapLength
    }
}

extension [Recording.Entry] {
    /// By time, and of those that are seen at the same time causes before effects: there are clocks that stand still while a
    /// packet passes a link, as User-mode Linux's, which goes by 256 ns (`TIMER_MULTIPLIER` in its timer-internal.h).
    fileprivate var inOrder: Self {
        var sorted = sorted { $0.frame.time < $1.frame.time }
        var start = 0
        while start < sorted.count {
            let time = sorted[start].frame.time
            let end = sorted[start...].dropFirst().firstIndex { $0.frame.time != time } ?? sorted.count
            if end - start > 1 { sorted.replaceSubrange(start..<end, with: Self.causesFirst(sorted[start..<end])) }
            start = end
        }
        return sorted
    }

    /// - `entries`: each node's in the order in which it saw them.
    private static func causesFirst(_ entries: ArraySlice<Recording.Entry>) -> Self {
        var (rest, ordered) = (Array(entries), Self())
        while !rest.isEmpty {
            let next = rest.indices.first { index in
                !rest[..<index].contains { $0.node == rest[index].node }
                    && !rest.contains { $0.isCause(of: rest[index]) }
            }
            ordered.append(rest.remove(at: next ?? 0))
        }
        return ordered
    }
}

extension Recording.Entry {
    /// Whether it is how `other` came to its node: the same frame, where it left another.
    fileprivate func isCause(of other: Self) -> Bool {
        frame.direction == .outgoing && other.frame.direction == .incoming && node != other.node
            && frame.bytes == other.frame.bytes
    }
}
