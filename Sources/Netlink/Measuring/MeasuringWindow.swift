/// When traffic counts: not before it has found its pace, and not for ever.
package struct MeasuringWindow: Sendable {
    package let start: MonotonicTime
    package let end: MonotonicTime

    /// From `warmUp` after now on, for `duration`.
    package init(warmUp: Duration, duration: Duration) {
        start = .now + warmUp
        end = start + duration
    }

    /// How long a call may wait for the other side: anything longer is no network, but a mistake in one.
    static let patience = Duration.seconds(5)

    /// The sender goes on a little longer than is counted, so that the end of the window finds it at full pace.
    var lastSending: MonotonicTime { end + .milliseconds(10) }
}

/// What had been counted at a moment of a transfer.
struct Reading {
    let time: MonotonicTime
    let count: Int
    let processorNanoseconds: Int64
}

/// Takes the two readings that a window needs out of a stream of counts.
struct WindowReadings {
    let window: MeasuringWindow
    let clock: ProcessorClock
    private(set) var first: Reading?
    private(set) var last: Reading?

    init(_ window: MeasuringWindow, clock: ProcessorClock) {
        self.window = window
        self.clock = clock
    }

    /// `count` is all that has come so far.
    mutating func note(_ count: Int) throws(SystemError) {
        guard last == nil else { return }
        let now = MonotonicTime.now
        guard now >= window.start else { return }
        if first != nil, now < window.end { return }
        let reading = Reading(time: now, count: count, processorNanoseconds: try clock.nanoseconds())
        if first == nil { first = reading } else { last = reading }
    }

    /// What came between the two; a path on which nothing did has no figures.
    func difference(_ what: String) throws(SystemError) -> Reading {
        guard let first, let last, last.count > first.count else {
            throw SystemError(what, errno: Errno.timedOut, explanation: "nothing arrived in the time measured")
        }
        return Reading(
            time: MonotonicTime(nanoseconds: last.time.nanoseconds - first.time.nanoseconds),
            count: last.count - first.count,
            processorNanoseconds: last.processorNanoseconds - first.processorNanoseconds)
    }
}
