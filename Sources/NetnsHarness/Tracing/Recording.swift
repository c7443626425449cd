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
        self.entries = entries.sorted { $0.frame.time < $1.frame.time }
        self.losses = losses
        self.wallClockLead = wallClockLead
        self.snapLength = snapLength
    }
}
