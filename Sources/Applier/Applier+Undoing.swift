package import NetworkState

extension Applier {
    /// Takes back what `file`'s journal tells of, an apply that waits to be confirmed or was cut short, and gives the
    /// changes that this took.
    package mutating func undo(ledger file: LedgerFile) throws(ApplyError) -> Plan {
        let lock = try file.lock()
        return try withExtendedLifetime(lock) { () throws(ApplyError) in
            guard let checkpoint = try file.journal() else { throw .settled(host: file.host) }
            let present = try observe(checkpoint.interest)
            let needed = Difference(checkpoint.changes, from: present, to: checkpoint.before).changes
            let rollback = Rollback(checkpoint.changes, to: checkpoint.before, checkpoint.interest, in: namespaces)
            let (outcome, failures) = rollback.run()
            if case .incomplete(let left) = outcome { throw .notUndone(failures, left: left) }
            let none = Ledger(topology: checkpoint.topology, host: checkpoint.host)
            let ledger = checkpoint.ledger?.back(try file.readOrSetAside(report) ?? none)
            try file.write(ledger)
            try file.write(journal: nil)
            return Plan(
                topology: checkpoint.topology, host: checkpoint.host, changes: needed, unchanged: 0,
                ledger: ledger ?? none)
        }
    }
}

extension LedgerFile {
    /// Has the last apply stay, and gives what is known of it.
    package func confirm() throws(ApplyError) -> Checkpoint {
        let lock = try lock()
        return try withExtendedLifetime(lock) { () throws(ApplyError) in
            guard let checkpoint = try journal(), checkpoint.deadline != nil, checkpoint.isMade else {
                throw .settled(host: host)
            }
            try write(journal: nil)
            return checkpoint
        }
    }
}
