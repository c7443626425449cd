package import Netlink

/// A capture that goes on until somebody ends it, and writes what passes as it passes.
package struct LiveCapture: ~Copyable {
    /// A frame is in its socket this long after its time at the latest, so that older ones are all there and can be put in
    /// order.
    private static let slack = Duration.milliseconds(1)
    private static let signalToken = UInt64(1) << 32
    private static let outputToken = signalToken + 1

    private let tap: Tap
    /// Of a node that is not among them, all.
    private let links: [String: Set<String>]
    private let limit: Int
    private let lead = MonotonicTime.wallClockLead
    private var poller: Poller
    private var buffers: ReceiveBuffers
    /// By the tap's number among the taps, then by the link's.
    private var names: [[CInt: String]]
    /// Seen, and perhaps not all that is as old.
    private var held: [Recording.Entry] = []

    /// How many frames were written.
    package private(set) var count = 0
    /// How many there was no room for.
    package private(set) var losses = 0

    private init(_ tap: Tap, _ links: [String: Set<String>], _ limit: Int, _ poller: consuming Poller) {
        self.tap = tap
        self.links = links
        self.limit = limit
        self.poller = poller
        buffers = ReceiveBuffers(count: 64, payloadCapacity: tap.length)
        names = Array(repeating: [:], count: tap.set.all.count)
    }

    /// - `links`: the only ones to see of some nodes, by the nodes' names.
    /// - `limit`: after so many frames it ends.
    package static func open(
        _ tap: Tap, links: [String: Set<String>] = [:], limit: Int = .max
    ) throws(SystemError) -> LiveCapture {
        let poller = try Poller.open()
        for (index, socket) in tap.set.all.enumerated() { try poller.watch(socket, as: UInt64(index)) }
        tap.forget()
        return LiveCapture(tap, links, limit, poller)
    }

    /// Sees frames until `deadline`, a signal, or the end of whoever reads `output`.
    ///
    /// - `render`: what is written of a frame, in the order of time; with how far the wall clock is ahead of it, in
    ///   nanoseconds.
    package mutating func run(
        until deadline: MonotonicTime?, or signals: borrowing SignalQueue, to output: borrowing StreamOutput,
        render: (Recording.Entry, Int64) -> [UInt8]
    ) throws(SystemError) {
        try poller.watch(signals.descriptor, as: Self.signalToken)
        // A file has no reader that could go, and epoll refuses it (EPERM).
        try? poller.watch(output.descriptor, as: Self.outputToken, for: .errors)
        var isOver = false
        while !isOver, count < limit {
            let events = try poller.wait(until: waitEnd(deadline))
            let isUnwanted = events.contains { $0.token == Self.outputToken }
            isOver =
                isUnwanted || events.contains { $0.token == Self.signalToken } || deadline.map { $0 <= .now } == true
            let ready = drain(isLast: isOver)
            let outcome = try output.write(ready.flatMap { render($0, lead) }, hurriedBy: signals)
            count += ready.count
            if outcome != .written { break }
        }
        losses = tap.set.all.reduce(0) { $0 + $1.takeLosses() }
    }

    private func waitEnd(_ deadline: MonotonicTime?) -> MonotonicTime {
        let end = MonotonicTime.now + (held.isEmpty ? .seconds(3600) : Self.slack)
        return min(end, deadline ?? end)
    }

    /// What there is to be written now.
    private mutating func drain(isLast: Bool) -> ArraySlice<Recording.Entry> {
        let horizon = MonotonicTime.now + (.zero - Self.slack)
        for (index, socket) in tap.set.all.enumerated() {
            while case let frames = buffers.receiveFrames(from: socket, wallClockLead: lead), !frames.isEmpty {
                for frame in frames { hold(frame, of: index, socket) }
            }
        }
        held.sort { $0.frame.time < $1.frame.time }
        let end = isLast ? held.endIndex : held.firstIndex { $0.frame.time > horizon } ?? held.endIndex
        let ready = held[..<end].prefix(limit - count)
        held.removeFirst(end)
        return ready
    }

    private mutating func hold(_ frame: TappedFrame, of index: Int, _ socket: TapSocket) {
        let name = names[index][frame.link] ?? socket.name(ofLink: frame.link) ?? String(frame.link)
        names[index][frame.link] = name
        guard let node = tap.node(ofLink: name, at: index), links[node]?.contains(name) != false else { return }
        held.append(Recording.Entry(node: node, link: name, frame: frame))
    }
}
