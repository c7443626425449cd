package import NetworkState

extension Applier {
    /// Brings a host to `desired` in one transaction: lock, ledger, observation, plan, changes, verification, ledger.
    ///
    /// `planning` makes the plan from what was observed and what the ledger remembers. A plan without changes sends
    /// nothing. If something fails, both kernel and ledger are as before, or the error tells what is left.
    package mutating func converge(
        to desired: HostState,
        ledger file: LedgerFile,
        planning: (_ observed: HostState, _ ledger: Ledger?) throws(ApplyError) -> Plan
    ) throws(ApplyError) -> Plan {
        let lock = try file.lock()
        return try withExtendedLifetime(lock) { () throws(ApplyError) in
            try convergeLocked(to: desired, file, planning)
        }
    }

    private mutating func convergeLocked(
        to desired: HostState,
        _ file: LedgerFile,
        _ planning: (_ observed: HostState, _ ledger: Ledger?) throws(ApplyError) -> Plan
    ) throws(ApplyError) -> Plan {
        let ledger = try file.read()
        var interest = desired
        if let ledger { interest = interest.union(ledger.entries).union(ledger.former) }
        let observed = try observe(interest)
        let plan = try planning(observed, ledger)
        guard plan.conflicts.isEmpty else { throw .conflicts(plan.conflicts) }
        if !plan.changes.isEmpty {
            // Were this process to die halfway, the next one has to know what may be ours.
            try file.write(plan.ledger.union(ledger))
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

extension Ledger {
    /// Everything that either says is ours, while it is not settled which of them is right. What stood there before
    /// anything of ours did, `old` knows best.
    fileprivate func union(_ old: Ledger?) -> Ledger {
        guard let old else { return self }
        var union = self
        union.entries = old.entries.overlaid(with: entries)
        union.former = former.overlaid(with: old.former)
        return union
    }
}

extension HostState {
    fileprivate func overlaid(with other: HostState) -> HostState {
        var result = self
        for (netns, state) in other.namespaces {
            result.look(into: netns)
            state.resources.forEach { result.insert($0, in: netns) }
        }
        return result
    }
}
