package import Netlink
package import NetworkState

/// Brings one host's kernel from one state to another, and tells what state it is in.
///
/// Sockets are opened when they are first needed and kept.
package struct Applier: ~Copyable {
    let namespaces: OpenNamespaces
    /// Is told what is worth knowing and no failure.
    package let report: (Notice) -> Void

    /// - `queueCapacity`: how many bytes of answers the kernel may queue on each socket.
    /// - `settings`: shared by those of a thread that sees to many hosts.
    package init(
        _ namespaces: HostNamespaces, queueCapacity: Int32 = NetlinkSocket.queueCapacity,
        settings: SettingFiles = SettingFiles(),
        report: @escaping (Notice) -> Void = { _ in }
    ) {
        self.namespaces = OpenNamespaces(namespaces, queueCapacity: queueCapacity, settings)
        self.report = report
    }

    /// How many requests that change something have been sent to the kernel, settings and namespaces included.
    package var modifyingMessageCount: Int { namespaces.modifyingMessageCount }

    /// The kernel's state of those namespaces of `interest` that exist, with those settings and tables of `interest`
    /// that exist.
    package mutating func observe(_ interest: HostState) throws(ApplyError) -> HostState {
        try Observer.observe(interest, in: namespaces)
    }

    /// Makes the plan's changes in their order, looks whether they are there, and undoes them all if anything fails.
    package mutating func execute(_ plan: Plan) throws(ApplyError) {
        guard plan.conflicts.isEmpty else { throw .conflicts(plan.conflicts) }
        guard !plan.changes.isEmpty else { return }
        let interest = HostState(touchedBy: plan.changes)
        try make(plan.changes, from: observe(interest), to: nil, interest)
    }

    /// Makes `changes` where everything is this process's own and just made, so that the kernel's word is enough, and notes
    /// meanwhile in `file` what is ours. If a change fails, the process has to end, which undoes all of them.
    package mutating func makeUnchecked(
        _ changes: [Change], noting ledger: Ledger, in file: LedgerFile
    ) throws(ApplyError) {
        let writing = try systemCalls { () throws(SystemError) in
            try RunningThread { Result { () throws(ApplyError) in try file.write(ledger) } }
        }
        let result = Result { () throws(ApplyError) in try makeUnchecked(changes) }
        let written = writing.join()
        try result.get()
        try systemCalls { () throws(SystemError) in try written.get() }.get()
    }

    /// The same of what somebody else notes.
    package mutating func makeUnchecked(_ changes: [Change]) throws(ApplyError) {
        let execution = Executor.run(changes, .applying, in: namespaces)
        guard execution.failures.isEmpty else { throw ApplyError(execution.failures, .rolledBack) }
    }

    /// Makes `changes` to a host that is as `before`; afterwards all of `desired` must be there.
    mutating func make(
        _ changes: [Change], from before: HostState, to desired: HostState?, _ interest: HostState
    ) throws(ApplyError) {
        let execution = Executor.run(changes, .applying, in: namespaces)
        func rollBack() -> (outcome: ApplyError.Outcome, failures: [ApplyError.Failure]) {
            let begun = zip(changes, execution.begun).filter(\.1).map(\.0)
            return Rollback(begun, to: before, interest, in: namespaces).run()
        }
        guard execution.failures.isEmpty else {
            let (outcome, failures) = rollBack()
            throw ApplyError(execution.failures + failures, outcome)
        }
        do throws(ApplyError) {
            if try hasProof(of: changes) { return }
            let present = try Observer.observe(
                interest, ObservationScope(toVerify: changes, desired), in: namespaces)
            let mismatches = Verification.mismatches(in: present, after: changes, from: before, desired: desired)
            if !mismatches.isEmpty { throw .verification(mismatches, .unchanged) }
        } catch {
            throw error.with(rollBack().outcome)
        }
    }
}

extension HostState {
    /// What to look at to see whether `changes` were made: their namespaces, their settings and tables, and the
    /// namespaces in which their veth pairs end.
    init(touchedBy changes: [Change]) {
        self.init()
        for change in changes {
            look(into: change.netns)
            if case .route = change.resource { continue }
            for resource in [change.before, change.after] {
                switch resource {
                case .sysctl(let sysctl): namespaces[change.netns]?.sysctls.insert(sysctl)
                case .link(let link):
                    namespaces[change.netns]?.links.insert(link)
                    if let peer = link.peer { look(into: peer.netns) }
                case .table(let table): namespaces[change.netns]?.tables.insert(table)
                case .netns, .address, .neighbour, .fdb, .nextHop, .route, nil: break
                }
            }
        }
    }

    mutating func look(into netns: Netns) {
        if namespaces.index(forKey: netns) == nil { namespaces[netns] = NamespaceState() }
    }

    /// The namespaces, settings, links and tables of both.
    package func union(_ other: HostState) -> HostState {
        var union = self
        for (netns, state) in other.namespaces {
            union.look(into: netns)
            state.sysctls.unordered.forEach { union.insert(.sysctl($0), in: netns) }
            for link in state.links.unordered where union.namespaces[netns]?.links[link.name] == nil {
                union.insert(.link(link), in: netns)
            }
            for table in state.tables.unordered where union.namespaces[netns]?.tables[table.name]?.isAny ?? true {
                union.insert(.table(table), in: netns)
            }
        }
        return union
    }
}
