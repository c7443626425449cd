package import Applier
import Compiler
package import Netlink
package import NetworkState

/// How the watch over an apply ended.
package enum GuardVerdict: Hashable, Sendable {
    /// Somebody else settled it.
    case dismissed
    /// What was to be reached was reached, and so the apply stays.
    case confirmed
    /// Nobody confirmed it in time, and these changes took it back.
    case rolledBack(Plan)
}

extension ManagedHost {
    /// How often to look whether what has to be reached can be.
    private static let interval = Duration.milliseconds(250)

    /// Watches over an apply to this host until it is confirmed, by somebody or because `conditions` hold, or until `time`
    /// is up; then it is taken back. `begun` is called once it watches.
    package mutating func watch(
        for time: Duration, confirmingIf conditions: [ConfirmationCondition], signals: borrowing SignalQueue,
        begun: () throws(SystemError) -> Void
    ) throws(ApplyError) -> GuardVerdict {
        let deadline = ContinuousClock.now + time
        let guardian = HostGuard(of: ledger)
        let lock = try systems { () throws(SystemError) in
            let lock = try guardian.lock()
            try begun()
            return lock
        }
        defer { extendLifetime(lock) }
        while true {
            let left = deadline - ContinuousClock.now
            guard left > .zero else { break }
            if try isDismissed(within: conditions.isEmpty ? left : min(left, Self.interval), signals) {
                return .dismissed
            }
            if try confirms(conditions) {
                guardian.log("host \(name): the apply stays, as \(conditions.text) was seen to hold")
                return .confirmed
            }
        }
        return try takeBack(guardian)
    }

    private func isDismissed(
        within time: Duration, _ signals: borrowing SignalQueue
    ) throws(ApplyError) -> Bool {
        let milliseconds = time.components.seconds * 1_000 + time.components.attoseconds / 1_000_000_000_000_000
        do throws(SystemError) {
            return try signals.next(within: CInt(clamping: milliseconds + 1)) == .end
        } catch { throw .system(error, .unchanged) }
    }

    /// An apply that is not yet through cannot be judged.
    private func confirms(_ conditions: [ConfirmationCondition]) throws(ApplyError) -> Bool {
        guard !conditions.isEmpty, try ledger.journal()?.isMade == true else { return false }
        let isReached = try systems { () throws(SystemError) in
            try conditions.hold(in: namespaces.openOwn())
        }
        guard isReached else { return false }
        do throws(ApplyError) { _ = try ledger.confirm() } catch {
            // Somebody settled it meanwhile; of that the next signal tells.
            guard case .settled = error else { throw error }
            return false
        }
        return true
    }

    private mutating func takeBack(_ guardian: HostGuard) throws(ApplyError) -> GuardVerdict {
        do throws(ApplyError) {
            let plan = try rollBack()
            guardian.log(
                "host \(name): the last apply was not confirmed in time and has been taken back: "
                    + "\(plan.changes.count) changes undone")
            return .rolledBack(plan)
        } catch {
            if case .settled = error { return .dismissed }
            guardian.log(
                "host \(name): the last apply was not confirmed in time, and could not be taken back: \(error)")
            throw error
        }
    }
}

extension [ConfirmationCondition] {
    /// `reach:10.0.0.1 and reach:10.0.0.2`
    package var text: String { map(\.description).joined(separator: " and ") }
}
