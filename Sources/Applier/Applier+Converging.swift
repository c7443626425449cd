package import Netlink
package import NetworkState

extension Applier {
    /// Brings a host to `desired` in one transaction: lock, ledger, observation, plan, journal, changes, verification,
    /// ledger.
    ///
    /// `planning` makes the plan from what was observed and what the ledger remembers. A plan without changes sends
    /// nothing. If something fails, both kernel and ledger are as before, or the error tells what is left; where the host
    /// has changed meanwhile, it is looked at and planned for again.
    ///
    /// - `marked` is what to look at besides `desired` where there is no ledger: where marks may tell what is ours.
    /// - `probation`: nil for an apply that nobody has to confirm.
    /// - `wish`: a hash of all that `planning` goes by besides, to know the host by again if there is nothing to change.
    /// - `lock`: the ledger's, of a caller whose `desired` holds only as long as no other run begins.
    package mutating func converge(
        to desired: HostState,
        observing marked: HostState = HostState(),
        ledger file: LedgerFile,
        probation: Probation? = nil,
        sealing wish: UInt64? = nil,
        holding lock: consuming FileLock? = nil,
        planning: (_ observed: HostState, _ ledger: Ledger?) throws(ApplyError) -> Plan
    ) throws(ApplyError) -> Plan {
        let lock =
            switch consume lock {
            case .some(let held): held
            case .none: try file.lock()
            }
        return try withExtendedLifetime(lock) { () throws(ApplyError) in
            try checkJournal(of: file)
            return try Self.lookingAgain(isSupervised: probation != nil) { () throws(ApplyError) in
                try convergeLocked(to: desired, marked, file, probation, wish, planning)
            }
        }
    }

    private mutating func convergeLocked(
        to desired: HostState,
        _ marked: HostState,
        _ file: LedgerFile,
        _ probation: Probation?,
        _ wish: UInt64?,
        _ planning: (_ observed: HostState, _ ledger: Ledger?) throws(ApplyError) -> Plan
    ) throws(ApplyError) -> Plan {
        let mark = try wish.flatMap { (_) throws(ApplyError) in try file.mark }
        let ledger = try file.readOrSetAside(report)
        try namespaces.removeLeftovers(of: ledger?.namespaces ?? [])
        let interest = desired.union(ledger?.interest ?? marked)
        // What this process has just made holds nothing of another's: only what is declared can be in the way there.
        let scope =
            file.endsWithProcess
            ? ObservationScope(toVerify: [], desired) : ObservationScope(wish == nil ? .routes : .both)
        let (observed, digest) = try Observer.observeWithDigest(interest, scope, in: namespaces)
        let plan = try planning(observed, ledger)
        guard plan.conflicts.isEmpty else { throw .conflicts(plan.conflicts) }
        guard plan.missingLinks.isEmpty else { throw .missingLinks(plan.missingLinks, host: plan.host) }
        var transaction = Transaction(plan, from: observed, ledger, file, probation)
        try transaction.run { changes throws(ApplyError) in
            let touched = HostState(touchedBy: changes)
            try make(changes, from: observed, to: desired, interest.union(touched))
        }
        // The plan that a seal stands for is this one, by this ledger.
        if let wish, let mark, plan.changes.isEmpty, try file.mark == mark {
            file.write(
                Seal(
                    wish: wish, ledger: mark, interest: HostState().union(interest), observed: digest,
                    unchanged: plan.unchanged))
        }
        return plan
    }

    /// The seal of a host that has been found to need no change for `wish`, if all that this rested on is as it was; else nil,
    /// and nobody knows without a plan. Changes nothing, and takes no lock: a run under way has a journal.
    package mutating func unbrokenSeal(_ wish: UInt64, of file: LedgerFile) throws(ApplyError) -> Seal? {
        guard let seal = file.seal(of: wish) else { return nil }
        let scope = ObservationScope(.digest)
        return try Observer.observeWithDigest(seal.interest, scope, in: namespaces).digest == seal.observed ? seal : nil
    }

    /// An apply that waits to be confirmed is not built upon. One that was cut short is: what it left is compared with
    /// what is wanted, as anything else is.
    private func checkJournal(of file: LedgerFile) throws(ApplyError) {
        guard let checkpoint = try file.journal() else { return }
        guard checkpoint.deadline == nil else { throw .unconfirmed(checkpoint) }
        report(.cutShort(checkpoint))
    }
}

extension Applier {
    /// What planning for `desired` needs to know: the state of its namespaces and settings, and of the ledger's, or
    /// else of what is `marked`.
    package mutating func observe(
        for desired: HostState, _ ledger: Ledger?, or marked: HostState
    ) throws(ApplyError) -> HostState {
        try observe(desired.union(ledger?.interest ?? marked))
    }
}

extension Ledger {
    /// The namespaces and settings that it speaks of.
    fileprivate var interest: HostState {
        var interest = entries.union(former)
        for name in namespaces { interest.look(into: .named(name)) }
        return interest
    }
}
