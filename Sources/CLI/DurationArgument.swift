import ArgumentParser

/// A length of time as people write it: `500ms`, `10s`, `2m`, `1h`.
struct DurationArgument: ExpressibleByArgument, Hashable, CustomStringConvertible {
    let duration: Duration

    init(_ duration: Duration) {
        self.duration = duration
    }

    /// Nil if it is no number with a unit, or if no clock goes so far.
    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits), let milliseconds = Self.milliseconds[String(argument.dropFirst(digits.count))]
        else { return nil }
        let (total, overflows) = number.multipliedReportingOverflow(by: milliseconds)
        // The kernel's timers take milliseconds in 32 bits: 24 days.
        guard !overflows, total <= Int32.max else { return nil }
        duration = .milliseconds(total)
    }

    private static let milliseconds: [String: Int64] = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000]

    /// In the largest unit that has no remainder.
    var description: String {
        let total = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
        if total == 0 { return "0s" }
        let unit = Self.milliseconds.filter { total % $0.value == 0 }.max { $0.value < $1.value }
        return unit.map { "\(total / $0.value)\($0.key)" } ?? "\(total)ms"
    }
}
