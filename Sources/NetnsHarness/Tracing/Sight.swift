/// What was seen on the wire of a packet that a check has sent, and of its answer.
package struct Sight: Hashable, Sendable {
    /// More frames of one packet tell nothing new: it goes in circles.
    private static let packetLimit = 100

    /// The nodes that it came through, in order.
    package let path: [String]
    /// Where the last of it, or of its answer, was seen: `B:eth0, incoming`; nil where it never was, or where that tells nothing new.
    package let lastSeen: String?
    /// Each frame that it was in, in the order of time; none are kept of what is as it should be.
    package var packets: [Journey.Sighting]

    /// - `isBack`: whether the answer came back, and so was seen last where it all began. Thousands of sights have their ways in common
    ///   then, and nothing else to tell.
    init(_ journey: Journey, isKept: Bool, isBack: Bool = false) {
        path = journey.nodes(.there)
        lastSeen = isBack ? nil : journey.last?.text
        packets = isKept ? Array(journey.sightings.prefix(Self.packetLimit)) : []
    }

    package init(path: [String], lastSeen: String?, packets: [Journey.Sighting] = []) {
        self.path = path
        self.lastSeen = lastSeen
        self.packets = packets
    }
}
