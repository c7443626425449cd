import Netlink

/// Moments at which attempts are to be looked at again.
///
/// There are few different durations and each list of one duration is in order by itself, so no heap is needed.
/// Nothing is ever cancelled: whoever takes an entry checks whether the attempt still matters.
struct AttemptTimers {
    struct Entry: Equatable {
        let probe: UInt32
        let attempt: UInt32
        let deadline: MonotonicTime
    }

    private var lists: [(duration: Duration, entries: Queue<Entry>)] = []

    mutating func schedule(_ probe: Int, attempt: Int, at now: MonotonicTime, after duration: Duration) {
        let entry = Entry(probe: UInt32(probe), attempt: UInt32(attempt), deadline: now + duration)
        if let list = lists.firstIndex(where: { $0.duration == duration }) {
            lists[list].entries.append(entry)
        } else {
            var entries = Queue<Entry>()
            entries.append(entry)
            lists.append((duration, entries))
        }
    }

    /// The earliest deadline.
    var next: MonotonicTime? { lists.compactMap { $0.entries.first?.deadline }.min() }

    /// Takes an entry whose deadline has come; nil if there is none.
    mutating func popDue(at now: MonotonicTime) -> Entry? {
        for index in lists.indices {
            if let entry = lists[index].entries.first, entry.deadline <= now { return lists[index].entries.popFirst() }
        }
        return nil
    }
}
