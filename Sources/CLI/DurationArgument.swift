import ArgumentParser
import NetworkState

/// A length of time as people write it: `500ms`, `10s`, `2m`, `1h`.
struct DurationArgument: ExpressibleByArgument, Hashable, CustomStringConvertible {
    let duration: Duration

    init(_ duration: Duration) {
        self.duration = duration
    }

    /// Nil if it is no number with a unit, or if no clock goes so far.
    init?(argument: String) {
        // The kernel's timers take milliseconds in 32 bits: 24 days.
        guard let duration = Quantity.duration(upTo: .milliseconds(Int32.max)).parse(argument) else { return nil }
        self.duration = duration
    }

    var description: String { duration.quantity }
}
