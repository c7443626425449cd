package import Netlink

/// When to look at what: turns what happens, and when, into what is to be done now. It knows no clock and no kernel.
///
/// Nothing is concluded from what an announcement says. It is a reason to compare the whole host with its topology, so that
/// one which is lost costs time and nothing else.
package struct Agenda: Sendable {
    /// Why to look.
    package enum Cause: String, CaseIterable, Comparable, Sendable {
        /// The kernel has announced a change.
        case kernel
        /// The kernel had more to announce than there was room for.
        case overrun
        /// What the topology is read from has changed.
        case source
        /// A signal asks for it.
        case reload
        /// Time has passed: some losses are silent, and some settings are announced to nobody.
        case interval
        /// The last attempt could not be made, or was in vain.
        case retry

        package static func < (left: Cause, right: Cause) -> Bool { left.rawValue < right.rawValue }
    }

    /// What is to be done now.
    package struct Work: Hashable, Sendable {
        package var readsSource = false
        package var causes: Set<Cause> = []

        package init(readsSource: Bool = false, causes: Set<Cause> = []) {
            self.readsSource = readsSource
            self.causes = causes
        }

        package var isNothing: Bool { !readsSource && causes.isEmpty }
    }

    private let interval: Duration
    private var source = Burst()
    private var kernel = Burst()
    private var overran = false
    private var asked = false
    private var nextLook: MonotonicTime
    private var retry: MonotonicTime?
    /// Until when the kernel may do as it likes.
    private var truce: MonotonicTime?

    /// - `now`: the first look is due at once.
    package init(interval: Duration, now: MonotonicTime) {
        self.interval = interval
        nextLook = now
    }

    package mutating func note(_ cause: Cause, at now: MonotonicTime) {
        switch cause {
        case .source: source.note(at: now)
        case .kernel: kernel.note(at: now)
        case .overrun:
            kernel.note(at: now)
            overran = true
        case .reload: asked = true
        case .interval: nextLook = now
        case .retry: retry = now
        }
    }

    /// Leaves the kernel alone until `moment`, and looks then.
    package mutating func holdOff(until moment: MonotonicTime) {
        truce = moment
        retry = moment
    }

    /// Looks again whenever the kernel announces something.
    package mutating func endTruce() {
        truce = nil
        retry = nil
    }

    /// Looks again at `moment`, or earlier if something happens.
    package mutating func retry(at moment: MonotonicTime) {
        retry = moment
    }

    /// When to ask for work next, if nothing happens before.
    package func next() -> MonotonicTime {
        if asked { return MonotonicTime(nanoseconds: 0) }
        let look = [kernel.due, nextLook, retry].compactMap(\.self).min() ?? nextLook
        let allowed = truce.map { max($0, look) } ?? look
        return min(source.due ?? allowed, allowed)
    }

    package mutating func take(at now: MonotonicTime) -> Work {
        var work = Work()
        if asked { work = Work(readsSource: true, causes: [.reload]) }
        asked = false
        if source.isOver(at: now) { work.readsSource = true }
        guard truce.map({ $0 <= now }) ?? true else { return work }
        truce = nil
        if kernel.isOver(at: now) { work.causes.insert(overran ? .overrun : .kernel) }
        if work.causes.contains(.overrun) { overran = false }
        if let retry, retry <= now { work.causes.insert(.retry) }
        if nextLook <= now {
            work.causes.insert(.interval)
            // A source that is a link to somewhere else changes unannounced.
            work.readsSource = true
        }
        if !work.causes.isEmpty {
            retry = nil
            nextLook = now + interval
        }
        return work
    }
}
