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
        var seenSource: IPAddress?
    }

    /// Packets on veth pairs are delivered inside the call that sends them, so after so many there is much to read.
    private static let datagramsBetweenReads = 48
    /// Datagrams of one source, questions of all kinds, that may be under way: fewer than a receive buffer or
    /// a neighbour's queue holds of the smallest, about 256.
    private static let datagramsPerSource = 128
    /// Connections of all sources that may be under way.
    private static let freshConnections = 256
    /// After this, what was not answered is no longer under way: it is lost, or it is to be, and holds no one up.
    static let settling = Duration.milliseconds(50)
    /// Negative: how long ago an attempt's time must have been up.
    private static let noisePatience = Duration.seconds(-5)
    /// Connections that may be open, under way or not.
    private static let openConnectionLimit = 8_192

    let nodes: [ProbeNode]
    let probes: [Probe]
    /// The nodes of each probe.
    let sources: [Int]
    let targets: [Int]
    let patience: ProbePatience
    let nonce: UInt64
    private let firstIdentifier = UInt16.random(in: 0 ... .max)

    var poller: Poller
    var buffers = ReceiveBuffers(count: 64, payloadCapacity: 512)
    var endpoints = EndpointTable()
    var stations: [Station]
    var progress: [Progress]
    var datagrams: SendQueue
    var connections: SendQueue
    var timeouts = AttemptTimers()
    var settlings = AttemptTimers()
    var unconcluded: Int
    var openConnectionCount = 0
    private let openConnectionLimit: Int

    init(
        _ probes: [Probe], among nodes: [ProbeNode], patience: ProbePatience, nonce: UInt64, descriptorLimit: Int
    ) throws(SystemError) {
        self.nodes = nodes
        self.probes = probes
        self.patience = patience
        self.nonce = nonce
        let indices = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1.name, $0) })
        sources = probes.map { Self.index(of: $0.from, in: indices) }
        targets = probes.map { Self.index(of: $0.to, in: indices) }
        poller = try Poller.open()
        stations = Array(repeating: Station(), count: nodes.count * 2)
        progress = Array(repeating: Progress(), count: probes.count)
        unconcluded = probes.count
        datagrams = SendQueue(sources: nodes.count, limitPerSource: Self.datagramsPerSource)
        connections = SendQueue(sources: nodes.count, limit: Self.freshConnections)
        // A connection has two descriptors, a node its namespace's and at most eight sockets; the process has others.
        let room = (descriptorLimit - nodes.count * 9 - 128) / 2
        openConnectionLimit = min(max(room, 1), Self.openConnectionLimit)
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
            for _ in 0..<Self.datagramsBetweenReads {
                guard let probe = datagrams.next() else { break }
                begin(probe)
                send(probe)
            }
            try openConnections(with: opener)
            try readAndExpire()
        }
    }

    /// Reads what there is and ends the attempts whose time was up before, if there was nothing.
    ///
    /// What has come counts however late this thread gets to see it: on a busy machine that may be longer than a probe
    /// waits. Only so much noise that there always is something makes attempts end while there is.
    private mutating func readAndExpire() throws(SystemError) {
        let now = MonotonicTime.now
        let events = try poller.wait(until: nextDeadline)
        for event in events { try read(event) }
        endAttempts(at: events.isEmpty ? now : now + Self.noisePatience)
    }

    private var nextDeadline: MonotonicTime {
        let now = MonotonicTime.now
        if datagrams.hasNext || connections.hasNext && roomForConnections > 0 { return now }
        return [timeouts.next, settlings.next].compactMap(\.self).min() ?? now
    }

    var roomForConnections: Int { openConnectionLimit - openConnectionCount }

    var outcomes: [ProbeOutcome] {
        probes.indices.map { index in
            let (probe, progress, own) = (probes[index], progress[index], nodes[sources[index]].sources)
            return ProbeOutcome(
                probe: probe,
                isReachable: progress.isReachable,
                roundTripMicroseconds: progress.roundTrip,
                attempts: progress.attempts,
                cause: progress.isReachable ? nil : (progress.cause ?? .silence).text,
                observedSource: progress.seenSource,
                translatedSource: progress.seenSource.flatMap { own.contains($0) ? nil : $0 }
            )
        }
    }
}
