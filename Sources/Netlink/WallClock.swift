import CLinux
import Glibc

/// A moment of the wall clock, for people and for other machines: never to measure by.
package struct WallClock: Hashable, Sendable {
    package let seconds: Int64
    package let milliseconds: Int64

    package init(seconds: Int64, milliseconds: Int64) {
        self.seconds = seconds
        self.milliseconds = milliseconds
    }

    package static var now: WallClock {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return WallClock(seconds: Int64(time.tv_sec), milliseconds: Int64(time.tv_nsec) / 1_000_000)
    }

    /// In UTC: `2026-01-31T12:00:00.000Z` (RFC 3339).
    package var text: String { "\(timeText).\(String(milliseconds + 1000).dropFirst())Z" }

    /// Without the zone and anything below a second.
    fileprivate var timeText: String {
        var moment = time_t(seconds)
        var parts = unsafe tm()
        unsafe gmtime_r(&moment, &parts)
        let date = unsafe [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday].map(Self.twoDigits)
        let time = unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec].map(Self.twoDigits)
        return "\(date.joined(separator: "-"))T\(time.joined(separator: ":"))"
    }

    private static func twoDigits(_ number: CInt) -> String { number < 10 ? "0\(number)" : String(number) }
}

/// The time now, or some time later, in UTC, to the second: `2026-01-31T12:00:00Z` (RFC 3339).
package func timestamp(after duration: Duration = .zero) -> String {
    let now = WallClock.now
    return WallClock(seconds: now.seconds + duration.components.seconds, milliseconds: 0).timeText + "Z"
}
