import Synchronization

/// When traffic counts: not before it has found its pace, and not for ever.
package final class MeasuringWindow: Sendable {
    package let start: MonotonicTime
    package let end: MonotonicTime
    private let hasEnded = Atomic(false)

    /// From `warmUp` after now on, for `duration`.
    package init(warmUp: Duration, duration: Duration) {
        start = .now + warmUp
        end = start + duration
    }

    /// How long a call may wait for the other side: anything longer is no network, but a mistake in one.
    static let patience = Duration.seconds(5)

    /// Whether the sender is to go on: until the receiver has read its second count, which on a busy machine may be long
    /// after the window's end. So that end finds the sender at full pace.
    var isOpen: Bool { !hasEnded.load(ordering: .relaxed) && .now < end + Self.patience }

    /// The receiver has what it needs.
    func close() {
        hasEnded.store(true, ordering: .relaxed)
    }
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
        if let first, now < window.end || count == first.count { return }
        let reading = Reading(time: now, count: count, processorNanoseconds: try clock.nanoseconds())
        if first == nil {
            first = reading
        } else {
            last = reading
            window.close()
        }
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
