import Compiler
import Netlink
import NetworkState

/// One thread's share of a run of many probes: sends, receives and waits until each of them has an outcome.
struct ProbeRun: ~Copyable {
    /// The sockets of one node for one family that probes leave from or are answered at, and the ports of those.
    struct Station {
        var echo: ProbeSocket?
        var client: ProbeSocket?
        var listener: ProbeSocket?
        var responderPort: UInt16 = 0
        var listenerPort: UInt16 = 0
    }

    /// How far one probe has come: small, as there are millions. What few have is in ``ProbeRun/causes`` and
    /// ``ProbeRun/connectionsOfProbes``.
    struct Progress {
        var attempts: UInt8 = 0
        var isConcluded = false
        var isReachable = false
        /// Whether it counts as under way in its ``SendQueue``.
        var isUnderWay = false
        /// In microseconds; negative where none is known.
        var roundTrip: Int32 = -1
        /// Number in ``ProbeRun/seenSources``; the largest where none is known.
        var seenSource = UInt32.max
    }

    /// Packets on veth pairs are delivered inside the call that sends them, so after so many there is much to read.
    private static let datagramsBetweenReads = 48
    /// Datagrams of one source, questions of all kinds, that may be under way: fewer than a receive buffer or
    /// a neighbour's queue holds of the smallest, about 256.
    private static let datagramsPerSource = 128
    /// Connections of all sources that may be under way.
    private static let freshConnections = 256
    /// So many are opened together where there are as many to open: each time, all the sources' namespaces are entered.
    static let connectionsTogether = 64
    /// After this, what was not answered is no longer under way: it is lost, or it is to be, and holds no one up.
    static let settling = Duration.milliseconds(50)
    /// Negative: how long ago an attempt's time must have been up.
    private static let noisePatience = Duration.seconds(-5)
    /// Descriptors that connections may hold, under way or not.
    private static let connectionDescriptorLimit = 16_384

    let nodes: [ProbeNode]
    let probes: Packed<Probe>
    /// The nodes of each probe.
    let sources: SmallIndices
    let targets: SmallIndices
    let patience: ProbePatience
    let nonce: UInt64
    /// Those of ``probes`` that are this thread's.
    let share: SmallIndices
    /// Whether to note ``flows``.
    let keepsFlows: Bool
    private let firstIdentifier: UInt16

    var poller: Poller
    var buffers = ReceiveBuffers(count: 64, payloadCapacity: 512)
    var endpoints = EndpointTable()
    var stations: [Station]
    var progress: [Progress]
    /// Why probes were not answered so far.
    var causes: [Int: ProbeCause] = [:]
    /// Of those that are under way.
    var connectionsOfProbes: [Int: UInt64] = [:]
    var seenSources = Interning<IPAddress>()
    var datagrams: SendQueue
    var connections: SendQueue
    var timeouts = AttemptTimers()
    var settlings = AttemptTimers()
    var unconcluded: Int
    /// Of connections that probes have made.
    var outgoingCount = 0
    /// Of those that nodes have accepted: one stays a little longer than its other end.
    var incomingCount = 0
    /// The probe that each connection belonged to, of all attempts, if they are noted.
    var flows: [TCPFlow: Int] = [:]
    private let connectionDescriptors: Int

    /// - `connectionDescriptors`: what its connections may hold, under way or not.
    init(_ work: ProbeWork, share: SmallIndices, connectionDescriptors: Int) throws(SystemError) {
        (nodes, probes, sources, targets) = (work.nodes, work.probes, work.sources, work.targets)
        (patience, nonce, firstIdentifier) = (work.patience, work.nonce, work.firstIdentifier)
        keepsFlows = work.keepsFlows
        self.share = share
        poller = try Poller.open()
        stations = Array(repeating: Station(), count: nodes.count * 2)
        progress = Array(repeating: Progress(), count: probes.count)
        unconcluded = share.count
        datagrams = SendQueue(sources: nodes.count, limitPerSource: Self.datagramsPerSource)
        connections = SendQueue(sources: nodes.count, limit: Self.freshConnections)
        self.connectionDescriptors = min(max(connectionDescriptors, 2), Self.connectionDescriptorLimit)
        for probe in share { enqueue(probe) }
    }

    /// Index into ``stations``.
    func station(_ node: Int, _ family: IPAddress.Family) -> Int { node * 2 + Int(family.rawValue) }

    /// One for each node, so that translators need not tell two senders with one apart.
    func identifier(of node: Int) -> UInt16 { firstIdentifier &+ UInt16(truncatingIfNeeded: node) }

    // A loop of sending a little and reading what it brought: nothing piles up.
    mutating func complete(with opener: SocketOpener) throws(SystemError) {
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
        if datagrams.hasNext || mayConnect { return now }
        return [timeouts.next, settlings.next].compactMap(\.self).min() ?? now
    }

    /// Each has two ends here. What has been accepted counts besides, since its other end may be gone.
    var roomForConnections: Int { max(0, connectionDescriptors - 2 * outgoingCount - incomingCount) / 2 }

    /// Whether it is time to open connections again.
    var mayConnect: Bool {
        let together = min(Self.connectionsTogether, max(1, connectionDescriptors / 8), connections.count)
        return connections.hasNext && min(roomForConnections, connections.room) >= together
    }

    /// What came of the share, in its order.
    var results: Results {
        Results(share: share, progress: share.map { progress[$0] }, causes: causes, seenSources: seenSources)
    }

    /// What is left of a share when its thread has ended.
    struct Results: Sendable {
        let share: SmallIndices
        private let progress: [Progress]
        private let causes: [Int: ProbeCause]
        private let seenSources: Interning<IPAddress>

        fileprivate init(
            share: SmallIndices, progress: [Progress], causes: [Int: ProbeCause], seenSources: Interning<IPAddress>
        ) {
            self.share = share
            self.progress = progress
            self.causes = causes
            self.seenSources = seenSources
        }

        /// Of the probe at `place` in the share.
        func outcome(at place: Int, of work: ProbeWork) -> ProbeOutcome {
            let (index, progress) = (share[place], progress[place])
            let seen = progress.seenSource == .max ? nil : seenSources[progress.seenSource]
            return ProbeOutcome(
                probe: work.probes[index],
                isReachable: progress.isReachable,
                roundTripMicroseconds: progress.roundTrip < 0 ? nil : Int(progress.roundTrip),
                attempts: Int(progress.attempts),
                cause: progress.isReachable ? nil : (causes[index] ?? .silence).text,
                observedSource: seen,
                translatedSource: seen.flatMap { work.nodes[work.sources[index]].sources.contains($0) ? nil : $0 })
        }
    }
}
