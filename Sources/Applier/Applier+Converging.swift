package import NetworkState

extension Applier {
    /// Brings a host to `desired` in one transaction: lock, ledger, observation, plan, changes, verification, ledger.
    ///
    /// `planning` makes the plan from what was observed and what the ledger remembers. A plan without changes sends
    /// nothing. If something fails, both kernel and ledger are as before, or the error tells what is left; where the host
    /// has changed meanwhile, it is looked at and planned for again.
    ///
    /// `marked` is what to look at besides `desired` where there is no ledger: where marks may tell what is ours.
    package mutating func converge(
        to desired: HostState,
        observing marked: HostState = HostState(),
        ledger file: LedgerFile,
        planning: (_ observed: HostState, _ ledger: Ledger?) throws(ApplyError) -> Plan
    ) throws(ApplyError) -> Plan {
        let lock = try file.lock()
        return try withExtendedLifetime(lock) { () throws(ApplyError) in
            try Self.lookingAgain { () throws(ApplyError) in
                try convergeLocked(to: desired, marked, file, planning)
            }
        }
    }

    private mutating func convergeLocked(
        to desired: HostState,
        _ marked: HostState,
        _ file: LedgerFile,
        _ planning: (_ observed: HostState, _ ledger: Ledger?) throws(ApplyError) -> Plan
    ) throws(ApplyError) -> Plan {
        let ledger = try file.read()
        try namespaces.removeLeftovers(of: ledger?.namespaces ?? [])
        let interest = desired.union(ledger?.interest ?? marked)
        let observed = try observe(interest)
        let plan = try planning(observed, ledger)
        guard plan.conflicts.isEmpty else { throw .conflicts(plan.conflicts) }
        guard plan.missingLinks.isEmpty else { throw .missingLinks(plan.missingLinks, host: plan.host) }
        if !plan.changes.isEmpty {
            // Were this process to die halfway, the next one has to know what may be ours.
            try file.write(ledger.map { $0.union(plan.ledger) } ?? plan.ledger)
            try make(plan, observed, desired, interest, file, ledger)
        }
        if plan.ledger != ledger ?? Ledger(topology: plan.topology, host: plan.host) || !plan.changes.isEmpty {
            try file.write(plan.ledger)
        }
        return plan
    }

    private mutating func make(
        _ plan: Plan, _ observed: HostState, _ desired: HostState, _ interest: HostState, _ file: LedgerFile,
        _ ledger: Ledger?
    ) throws(ApplyError) {
        do throws(ApplyError) {
            let touched = HostState(touchedBy: plan.changes)
            try make(plan.changes, from: observed, to: desired, interest.union(touched))
        } catch {
            // What could not be undone is still ours, and the ledger must go on saying so.
            if case .incomplete = error.outcome { throw error }
            try file.write(ledger)
            throw error
        }
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
