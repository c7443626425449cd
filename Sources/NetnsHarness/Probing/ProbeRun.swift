import Compiler
import Netlink
import NetworkState

/// One run of many probes: sends, receives and waits until each of them has an outcome.
struct ProbeRun: ~Copyable {
    /// The sockets of one node for one family that probes leave from, and the ports it answers on.
    struct Station {
        var echo: ProbeSocket?
        var client: ProbeSocket?
        var responderPort: UInt16 = 0
        var listenerPort: UInt16 = 0
    }

    /// How far one probe has come.
    struct Progress {
        var attempts = 0
        var isConcluded = false
        var isReachable = false
        /// Whether it counts as under way in its ``SendQueue``.
        var isUnderWay = false
        var connection: UInt64?
        var cause: ProbeCause?
        var roundTrip: Int?
        var translatedSource: IPAddress?
    }

    /// Packets on veth pairs are delivered inside the call that sends them, so after so many there is much to read.
    private static let datagramsBetweenReads = 48
    /// Datagrams of one source, questions of all kinds, that may be under way: fewer than a receive buffer or
    /// a neighbour's queue holds of the smallest, about 256.
    private static let datagramsPerSource = 128
    /// After this, a datagram that was not answered no longer holds others up: it is lost, or it is to be.
    private static let settling = Duration.milliseconds(50)
    /// Connections that may be under way, each with two descriptors.
    private static let connectionLimit = 256

    let nodes: [ProbeNode]
    let probes: [Probe]
    /// The nodes of each probe.
    let sources: [Int]
    let targets: [Int]
    let patience: ProbePatience
    let nonce = UInt64.random(in: 0 ... .max)
    private let firstIdentifier = UInt16.random(in: 0 ... .max)

    var poller: Poller
    var buffers = ReceiveBuffers(count: 64, payloadCapacity: 512)
    var endpoints = EndpointTable()
    var stations: [Station]
    var progress: [Progress]
    var datagrams: SendQueue
    var connections: SendQueue
    private var timeouts = AttemptTimers()
    private var settlings = AttemptTimers()
    private var unconcluded: Int

    init(
        _ probes: [Probe], among nodes: [ProbeNode], patience: ProbePatience, descriptorLimit: Int
    ) throws(SystemError) {
        self.nodes = nodes
        self.probes = probes
        self.patience = patience
        let indices = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1.name, $0) })
        sources = probes.map { Self.index(of: $0.from, in: indices) }
        targets = probes.map { Self.index(of: $0.to, in: indices) }
        poller = try Poller.open()
        stations = Array(repeating: Station(), count: nodes.count * 2)
        progress = Array(repeating: Progress(), count: probes.count)
        unconcluded = probes.count
        datagrams = SendQueue(sources: nodes.count, limitPerSource: Self.datagramsPerSource)
        // A namespace descriptor and at most eight sockets a node, and something for the rest of the process.
        let room = (descriptorLimit - nodes.count * 9 - 128) / 2
        connections = SendQueue(sources: nodes.count, limit: min(max(room, 1), Self.connectionLimit))
        for probe in probes.indices { enqueue(probe) }
    }

    private static func index(of name: String, in indices: [String: Int]) -> Int {
        guard let index = indices[name] else { preconditionFailure("no node '\(name)' to probe") }
        return index
    }

    /// Index into ``stations``.
    func station(_ node: Int, _ family: IPAddress.Family) -> Int { node * 2 + Int(family.rawValue) }

    /// One for each node, so that translators need not tell two senders with one apart.
    func identifier(of node: Int) -> UInt16 { firstIdentifier &+ UInt16(truncatingIfNeeded: node) }

    // A loop of sending a little and reading what it brought: nothing piles up.
    mutating func complete(with opener: borrowing SocketOpener) throws(SystemError) {
        while unconcluded > 0 {
            endSettlings()
            endAttempts()
            for _ in 0..<Self.datagramsBetweenReads {
                guard let probe = datagrams.next() else { break }
                begin(probe)
                send(probe)
            }
            try openConnections(with: opener)
            for event in try poller.wait(until: nextDeadline) { try read(event) }
        }
    }

    private var nextDeadline: MonotonicTime {
        let now = MonotonicTime.now
        if datagrams.hasNext || connections.hasNext { return now }
        return [timeouts.next, settlings.next].compactMap(\.self).min() ?? now
    }

    var outcomes: [ProbeOutcome] {
        zip(probes, progress).map { probe, progress in
            ProbeOutcome(
                probe: probe,
                isReachable: progress.isReachable,
                roundTripMicroseconds: progress.roundTrip,
                attempts: progress.attempts,
                cause: progress.isReachable ? nil : (progress.cause ?? .silence).text,
                translatedSource: progress.translatedSource
            )
        }
    }
}

/// The life of a probe.
extension ProbeRun {
    private mutating func enqueue(_ probe: Int) {
        if probes[probe].protocol == .tcp {
            connections.append(probe, from: sources[probe])
        } else {
            datagrams.append(probe, from: sources[probe])
        }
    }

    /// Starts an attempt, which has just been taken from its queue.
    mutating func begin(_ probe: Int) {
        let now = MonotonicTime.now
        progress[probe].attempts += 1
        progress[probe].isUnderWay = true
        let attempt = progress[probe].attempts
        let timeout = patience.timeouts(of: probes[probe])[attempt - 1]
        timeouts.schedule(probe, attempt: attempt, at: now, after: timeout)
        if probes[probe].protocol != .tcp {
            settlings.schedule(probe, attempt: attempt, at: now, after: Self.settling)
        }
    }

    /// Learns why `probe` will not be answered. That ends a probe which should not be; another is tried again when its
    /// time is up, for the cause may pass.
    mutating func note(_ cause: ProbeCause, for probe: Int) {
        guard !progress[probe].isConcluded else { return }
        progress[probe].cause = cause
        if !probes[probe].expected { conclude(probe, isReachable: false) }
    }

    /// Takes the answer to a question of `probe`'s that was sent at `sentAt`.
    mutating func answer(_ probe: Int, sentAt: Int64, arrival: MonotonicTime, seen: IPAddress?) {
        guard !progress[probe].isConcluded else { return }
        progress[probe].roundTrip = max(0, arrival.microseconds(since: MonotonicTime(nanoseconds: sentAt)))
        if let seen, !nodes[sources[probe]].addresses.contains(seen) { progress[probe].translatedSource = seen }
        conclude(probe, isReachable: true)
    }

    private mutating func conclude(_ probe: Int, isReachable: Bool) {
        leave(probe)
        progress[probe].isConcluded = true
        progress[probe].isReachable = isReachable
        unconcluded -= 1
    }

    /// Gives back what an attempt held.
    mutating func leave(_ probe: Int) {
        if let connection = progress[probe].connection {
            endpoints[connection] = nil
            progress[probe].connection = nil
        }
        guard progress[probe].isUnderWay else { return }
        progress[probe].isUnderWay = false
        if probes[probe].protocol == .tcp {
            connections.release(sources[probe])
        } else {
            datagrams.release(sources[probe])
        }
    }

    private mutating func endSettlings() {
        let now = MonotonicTime.now
        while let entry = settlings.popDue(at: now) {
            if isCurrent(entry), progress[entry.probe].isUnderWay { leave(entry.probe) }
        }
    }

    private mutating func endAttempts() {
        let now = MonotonicTime.now
        while let entry = timeouts.popDue(at: now) {
            guard isCurrent(entry) else { continue }
            leave(entry.probe)
            if entry.attempt < patience.timeouts(of: probes[entry.probe]).count {
                enqueue(entry.probe)
            } else {
                conclude(entry.probe, isReachable: false)
            }
        }
    }

    private func isCurrent(_ entry: AttemptTimers.Entry) -> Bool {
        !progress[entry.probe].isConcluded && progress[entry.probe].attempts == entry.attempt
    }
}
