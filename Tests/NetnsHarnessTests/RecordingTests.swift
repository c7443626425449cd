import NetworkState
import Testing

@testable import Netlink
@testable import NetnsHarness

struct RecordingTests {
    /// A packet from A2 by A and B to B1: each link's frame is another.
    private static let course: [(node: String, direction: CapturedFrame.Direction, frame: UInt8)] = [
        ("A2", .outgoing, 1), ("A", .incoming, 1), ("A", .outgoing, 2), ("B", .incoming, 2), ("B", .outgoing, 3),
        ("B1", .incoming, 3),
    ]

    /// - `ticks`: of what length the clock's are; a step takes one.
    private func entries(of nodes: [String], ticks: Int64) -> [Recording.Entry] {
        nodes.flatMap { node in
            Self.course.enumerated().filter { $1.node == node }.map { step, seen in
                let time = MonotonicTime(nanoseconds: Int64(step) / ticks)
                let frame = TappedFrame(
                    bytes: [seen.frame], length: 1, link: 1, isEthernet: true, direction: seen.direction,
                    isForOthers: false, time: time)
                return Recording.Entry(node: node, link: "eth0", frame: frame)
            }
        }
    }

    @Test(arguments: [1, 2, 3, 6] as [Int64])
    func `a clock of any coarseness has a packet seen at each node in turn, whichever was asked first`(_ ticks: Int64) {
        var generator = SplitMix64(seed: 1)
        for _ in 1...50 {
            let nodes = ["A", "A2", "B", "B1"].shuffled(using: &generator)
            let entries = entries(of: nodes, ticks: ticks)
            let recording = Recording(entries: entries, losses: 0, wallClockLead: 0, snapLength: 1)
            #expect(recording.entries.map(\.node) == Self.course.map(\.node), "\(nodes)")
            #expect(recording.entries.map(\.frame.direction) == Self.course.map(\.direction), "\(nodes)")
        }
    }
}
