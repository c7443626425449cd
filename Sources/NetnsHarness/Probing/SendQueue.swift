/// The probes still to be sent, and how many of those sent may be under way at a time.
///
/// Sources take turns of a few probes each: answers to one source then come in handfuls, which one system call reads,
/// and no source fills its receive buffer, or its neighbour's queue (`unres_qlen_bytes` of arp(7)), before it is read.
struct SendQueue {
    private static let turn = 8

    private let limitPerSource: Int
    private let limit: Int
    private var waiting: [Queue<UInt32>]
    private var underWayOfSource: [Int]
    private var underWay = 0
    private var source = 0
    private var sentInTurn = 0
    private(set) var count = 0

    init(sources: Int, limitPerSource: Int = .max, limit: Int = .max) {
        self.limitPerSource = limitPerSource
        self.limit = limit
        waiting = Array(repeating: Queue(), count: sources)
        underWayOfSource = Array(repeating: 0, count: sources)
    }

    mutating func append(_ probe: Int, from source: Int) {
        waiting[source].append(UInt32(probe))
        count += 1
    }

    /// Takes the next probe, which is under way then; nil if none may be sent yet.
    mutating func next() -> Int? {
        guard count > 0, underWay < limit, findSource(), let probe = waiting[source].popFirst() else { return nil }
        count -= 1
        underWay += 1
        underWayOfSource[source] += 1
        sentInTurn += 1
        return Int(probe)
    }

    /// How many more may be under way, whosever they are.
    var room: Int { limit - underWay }

    /// Whether ``next()`` would give one.
    var hasNext: Bool { count > 0 && underWay < limit && waiting.indices.contains(where: maySend) }

    /// Makes room: a probe of `source` is no longer under way.
    mutating func release(_ source: Int) {
        underWay -= 1
        underWayOfSource[source] -= 1
    }

    private func maySend(_ source: Int) -> Bool {
        !waiting[source].isEmpty && underWayOfSource[source] < limitPerSource
    }

    /// Stays with the source whose turn it is, or moves on to the next that may send.
    private mutating func findSource() -> Bool {
        if sentInTurn < Self.turn, maySend(source) { return true }
        sentInTurn = 0
        for step in 1...waiting.count {
            let candidate = (source + step) % waiting.count
            if maySend(candidate) {
                source = candidate
                return true
            }
        }
        return false
    }
}
