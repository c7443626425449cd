import NetworkState

/// That an apply is taken back unless somebody confirms it in time.
package struct Probation {
    /// In UTC, as RFC 3339 writes it.
    package let deadline: String
    /// Sees to it that it is taken back then. Called before the first change, as that may cut off whoever could.
    package let arm: () throws(ApplyError) -> Void

    package init(until deadline: String, arm: @escaping () throws(ApplyError) -> Void) {
        self.deadline = deadline
        self.arm = arm
    }
}

/// What is written down around the changes of an apply, so that a process that dies anywhere leaves nothing that the
/// next one would not know for ours, or could not take back.
struct Transaction {
    private let plan: Plan
    private let ledger: Ledger?
    private let file: LedgerFile
    private let probation: Probation?
    /// Nil where a death leaves nobody to go on from it.
    private var checkpoint: Checkpoint?

    init(_ plan: Plan, from observed: HostState, _ ledger: Ledger?, _ file: LedgerFile, _ probation: Probation?) {
        self.plan = plan
        self.ledger = ledger
        self.file = file
        self.probation = probation
        checkpoint =
            file.endsWithProcess
            ? nil : Checkpoint(of: plan, from: observed, ledger: ledger, deadline: probation?.deadline)
    }

    /// `make` makes the changes, or leaves the host as it was.
    mutating func run(_ make: ([Change]) throws(ApplyError) -> Void) throws(ApplyError) {
        try settle()
        guard !plan.changes.isEmpty else {
            if plan.ledger != ledger ?? Ledger(topology: plan.topology, host: plan.host) { try file.write(plan.ledger) }
            return try file.write(journal: nil)
        }
        try begin()
        do throws(ApplyError) {
            try probation?.arm()
            try make(plan.changes)
        } catch {
            // What could not be undone is still ours, and ledger and journal must go on saying so.
            if case .incomplete = error.outcome { throw error }
            if ledger == nil { try file.write(nil) }
            try file.write(journal: nil)
            throw error
        }
        if plan.ledger != written { try file.write(plan.ledger) }
        checkpoint?.isMade = true
        try file.write(journal: probation == nil ? nil : checkpoint)
    }

    /// Of what a run has made that died, nothing but its journal may tell, which this one's is about to replace.
    private func settle() throws(ApplyError) {
        if let ledger, checkpoint != nil, try file.journal()?.isMade == false { try file.write(ledger) }
    }

    /// Were this process to die halfway, the next one has to know what may be ours: the journal tells what that is beyond the
    /// ledger, where there is one.
    private mutating func begin() throws(ApplyError) {
        guard let checkpoint else { return }
        try file.write(journal: checkpoint)
        if ledger == nil { try file.write(plan.ledger) }
    }

    /// What the file says while changes are made.
    private var written: Ledger? { ledger ?? (checkpoint == nil ? nil : plan.ledger) }
}
