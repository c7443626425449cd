package import Compiler
package import Netlink
import NetworkState
import Synchronization

/// Sees every frame on every link of some of a lab's nodes. Those that share a namespace, as switches do, share a socket.
///
/// Opened once and used often: to open and close its sockets takes longer than most of what is recorded.
package final class Tap: Sendable {
    /// What there is room for of each frame, in bytes: probes are smaller, in however many envelopes.
    package static let standardLength = 512

    /// Of each socket; nil for that of the switches.
    private let nodes: [String?]
    private let places: [String: Int]
    private let switches: SwitchLinks?
    let set: TapSet
    let length: Int

    /// - `directory`: where the nodes' namespaces have their names.
    /// - `switches`: tells apart the switches among `nodes`, if there are any.
    package init(
        on nodes: [String], in directory: NetnsDirectory, switches: SwitchLinks? = nil, length: Int = standardLength
    ) throws(SystemError) {
        let segments = nodes.filter { switches?.segments.contains($0) ?? false }
        let machines = nodes.filter { !segments.contains($0) }
        let namespaces = try directory.hold(machines + segments.prefix(1))
        self.nodes = machines + segments.prefix(1).map { _ in nil }
        self.switches = switches
        self.length = length
        places = Dictionary(
            uniqueKeysWithValues: machines.enumerated().map { ($1, $0) } + segments.map { ($0, machines.count) })
        set = try withExtendedLifetime(namespaces) { () throws(SystemError) in
            try TapSet(in: namespaces.descriptors)
        }
    }

    /// The smallest number of frames that each node has room for at once.
    package var room: Int {
        // A small frame and what the kernel keeps with it take about a page's quarter.
        (set.all.map(\.room).min() ?? 0) / 1024
    }

    /// Whose link it is that a socket has seen a frame on; nil if that is nobody's of those to be watched.
    func node(ofLink link: String, at socket: Int) -> String? {
        if let node = nodes[socket] { return node }
        guard let node = LinkName(link).flatMap({ switches?.segment(of: $0) }), places[node] != nil else { return nil }
        return node
    }

    /// Whether a node that is watched has a link of that name.
    package func sees(_ link: String, of node: String) -> Bool {
        guard let place = places[node], set.all[place].index(ofLink: link) != nil else { return false }
        return self.node(ofLink: link, at: place) == node
    }

    /// The socket of one of the nodes, to send by.
    package func socket(of node: String) -> TapSocket? { places[node].map { set.all[$0] } }

    /// Does `body`, and gives what was seen from its beginning to its end.
    package func record<Value>(
        during body: () throws(SystemError) -> Value
    ) throws(SystemError) -> (value: Value, recording: Recording) {
        forget()
        let course = Course()
        let (taps, length, lead) = (set.all, length, MonotonicTime.wallClockLead)
        let thread = try RunningThread { () throws(SystemError) in
            try Self.drain(taps, length, lead, until: course)
        }
        let value = Result { () throws(SystemError) in try body() }
        course.end()
        let frames = try thread.join().get()
        return (try value.get(), recording(of: frames, wallClockLead: lead))
    }

    /// What was seen before belongs to nobody.
    func forget() {
        var buffers = ReceiveBuffers(count: 64, payloadCapacity: 16)
        for tap in set.all {
            while !buffers.receiveFrames(from: tap, wallClockLead: 0).isEmpty {}
            _ = tap.takeLosses()
        }
    }

    private func recording(of frames: [[TappedFrame]], wallClockLead lead: Int64) -> Recording {
        var entries: [Recording.Entry] = []
        var losses = 0
        for (index, tap) in set.all.enumerated() {
            var names: [CInt: String] = [:]
            losses += tap.takeLosses()
            for frame in frames[index] {
                let name = names[frame.link] ?? tap.name(ofLink: frame.link) ?? String(frame.link)
                names[frame.link] = name
                guard let node = node(ofLink: name, at: index) else { continue }
                entries.append(Recording.Entry(node: node, link: name, frame: frame))
            }
        }
        return Recording(entries: entries, losses: losses, wallClockLead: lead, snapLength: length)
    }

    /// What was seen by each tap.
    private static func drain(
        _ taps: [TapSocket], _ length: Int, _ lead: Int64, until course: Course
    ) throws(SystemError) -> [[TappedFrame]] {
        var frames = [[TappedFrame]](repeating: [], count: taps.count)
        var buffers = ReceiveBuffers(count: 64, payloadCapacity: length)
        var poller = try Poller.open()
        for (index, tap) in taps.enumerated() { try poller.watch(tap, as: UInt64(index)) }
        while true {
            // Asked before looking: what came before the end is still read.
            let isEnding = course.isEnding
            for event in try poller.wait(until: isEnding ? .now : .now + .milliseconds(2)) {
                let seen = buffers.receiveFrames(from: taps[Int(event.token)], wallClockLead: lead)
                frames[Int(event.token)] += seen
            }
            if isEnding { break }
        }
        for (index, tap) in taps.enumerated() {
            while case let seen = buffers.receiveFrames(from: tap, wallClockLead: lead), !seen.isEmpty {
                frames[index] += seen
            }
        }
        return frames
    }

    /// Whether a recording is over, between the thread that makes it and the one that it is made for.
    private final class Course: Sendable {
        private let state = Mutex(false)

        var isEnding: Bool { state.withLock { $0 } }

        func end() { state.withLock { $0 = true } }
    }
}
