/// How long to wait before the next attempt at what has failed, or has been undone: from a second, twice as long each time,
/// up to a minute.
package struct Backoff: Hashable, Sendable {
    private static let shortest = Duration.seconds(1)
    package static let longest = Duration.seconds(60)

    package private(set) var delay = Duration.zero

    package init() {}

    package mutating func lengthen() -> Duration {
        delay = delay == .zero ? Self.shortest : min(delay * 2, Self.longest)
        return delay
    }
}
