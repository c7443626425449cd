package import Netlink
package import NetworkState

/// Notices that someone else keeps undoing what was repaired, and says how long to leave it to them.
///
/// A machine on which two programs undo each other's work all day has a network for neither.
package struct Contention: Sendable {
    /// So many repairs of one thing within ``window`` are nobody's mistake.
    package static let limit = 5
    package static let window = Duration.seconds(30)

    private struct Record {
        var repairs: [MonotonicTime] = []
        var backoff: Backoff?
    }

    private var records: [ResourcePlace: Record] = [:]

    package init() {}

    /// What is contested now.
    package var count: Int { records.values.count { $0.backoff != nil } }

    /// Takes note of what was repaired, and gives those of `changes` that somebody keeps undoing, with how long to wait
    /// before the next repair.
    package mutating func note(_ changes: [Change], at now: MonotonicTime) -> (contested: [Change], delay: Duration) {
        var (contested, delay) = ([Change](), Duration.zero)
        for change in changes {
            guard let wait = note(change.place, at: now) else { continue }
            contested.append(change)
            delay = max(delay, wait)
        }
        return (contested, delay)
    }

    private mutating func note(_ place: ResourcePlace, at now: MonotonicTime) -> Duration? {
        var record = records[place] ?? Record()
        record.repairs = record.repairs.filter { now - $0 <= Self.window } + [now]
        if record.backoff == nil, record.repairs.count > Self.limit { record.backoff = Backoff() }
        let delay = record.backoff?.lengthen()
        records[place] = record
        return delay
    }

    /// Forgets what nobody has touched for a while, and gives what was contested of it.
    package mutating func calm(at now: MonotonicTime) -> [ResourcePlace] {
        let quiet = records.filter { _, record in
            guard let last = record.repairs.last else { return true }
            return now - last > Self.window + (record.backoff?.delay ?? .zero)
        }
        for place in quiet.keys { records[place] = nil }
        return quiet.filter { $0.value.backoff != nil }.keys.sorted()
    }
}
