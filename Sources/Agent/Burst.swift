package import Netlink

/// Announcements that come thick and fast, taken for one: it is over when there has been quiet for a while, or when it has
/// lasted long enough.
package struct Burst: Sendable {
    private static let quiet = Duration.milliseconds(20)
    private static let limit = Duration.milliseconds(500)

    private var first: MonotonicTime?
    private var last: MonotonicTime?

    package init() {}

    package mutating func note(at now: MonotonicTime) {
        first = first ?? now
        last = now
    }

    /// When to do something about it; nil if there is none.
    package var due: MonotonicTime? {
        guard let first, let last else { return nil }
        return min(last + Self.quiet, first + Self.limit)
    }

    /// Whether it is over, in which case it is forgotten.
    package mutating func isOver(at now: MonotonicTime) -> Bool {
        guard let due, due <= now else { return false }
        self = Burst()
        return true
    }
}
