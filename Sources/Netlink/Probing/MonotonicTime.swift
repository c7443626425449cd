import CLinux
import Glibc

/// A moment of `CLOCK_MONOTONIC`, which no administrator and no NTP daemon ever sets back.
package struct MonotonicTime: Hashable, Comparable, Sendable {
    package let nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package static var now: MonotonicTime { MonotonicTime(nanoseconds: read(CLOCK_MONOTONIC)) }

    /// How far the wall clock is ahead. Kernel receive stamps (`SO_TIMESTAMPNS`) are wall-clock time; taken together
    /// with them, this puts them on the monotonic scale even if the wall clock has just been set.
    package static var wallClockLead: Int64 { read(CLOCK_REALTIME) - read(CLOCK_MONOTONIC) }

    private static func read(_ clock: CInt) -> Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    package static func < (left: MonotonicTime, right: MonotonicTime) -> Bool { left.nanoseconds < right.nanoseconds }

    package static func + (time: MonotonicTime, duration: Duration) -> MonotonicTime {
        let (seconds, attoseconds) = duration.components
        return MonotonicTime(nanoseconds: time.nanoseconds + seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    package static func - (later: MonotonicTime, earlier: MonotonicTime) -> Duration {
        .nanoseconds(later.nanoseconds - earlier.nanoseconds)
    }

    /// Milliseconds from now, rounded up so that a wait does not end just short of it; never negative.
    package var millisecondsAway: CInt {
        CInt(clamping: max(0, (nanoseconds - Self.now.nanoseconds + 999_999) / 1_000_000))
    }

    /// Lets the processor do something else until this moment, or until a signal comes.
    package func await() { poll(nil, 0, millisecondsAway) }
}
