package import Applier
package import Compiler
package import Netlink
package import NetworkState

/// A host that weft keeps as declared, real or of a lab: where its namespaces are, and its ledger.
package struct ManagedHost: ~Copyable {
    package let name: String
    package let namespaces: HostNamespaces
    package let ledger: LedgerFile
    private let linksDown: LinksDown
    var applier: Applier

    /// - `stateDirectory`: where ledgers are kept, `/run/weft` on a real host.
    /// - `linksDown`: of the lab that it is of; by default of the one whose hosts' ledgers are there as well.
    /// - `lockTimeout`: how long to wait for another run to end.
    /// - `endsWithProcess`: whether the host ends with this process, as one of a lab that is just being built.
    /// - `settings`: shared by those that one thread sees to.
    /// - `report`: is told what is worth knowing and no failure.
    package init(
        _ name: String, namespaces: HostNamespaces = HostNamespaces(), stateDirectory: String,
        linksDown: LinksDown? = nil, lockTimeout: Duration = .zero, endsWithProcess: Bool = false,
        settings: SettingFiles = SettingFiles(), report: @escaping (Notice) -> Void = { _ in }
    ) {
        self.name = name
        self.namespaces = namespaces
        ledger = LedgerFile(
            directory: stateDirectory, host: name, lockTimeout: lockTimeout, endsWithProcess: endsWithProcess)
        self.linksDown = linksDown ?? LinksDown(stateDirectory: stateDirectory)
        applier = Applier(namespaces, settings: settings, report: report)
    }

    /// What converging would do. Changes nothing, and takes no lock.
    ///
    /// - `isKept`: whether to note by what the host is known again when the plan is carried out later.
    package mutating func plan(for host: CompiledHost, isKept: Bool = false) throws(ApplyError) -> Plan {
        let host = try linksDown.leave(host, in: namespaces)
        try host.declaration.state.requireTunnels()
        let known = try ledger.readIfSound(applier.report)
        let desired = host.declaration.state
        let observed = try applier.observe(for: desired, known, or: HostState(markedBy: host.topology, in: desired))
        try host.requireWorkloads(in: observed)
        var plan = host.plan(
            observed: observed, ledger: known ?? Self.recovered(host, from: observed, ledger, applier.report))
        if isKept { plan.witness = try applier.witnesses.read(for: plan, ledger: known) }
        return plan
    }

    /// What is ours by the marks in the kernel, said if there is any.
    private static func recovered(
        _ host: CompiledHost, from observed: HostState, _ file: LedgerFile, _ report: (Notice) -> Void
    ) -> Ledger {
        let recovered = host.ledger(recoveredFrom: observed)
        if !recovered.isEmpty { report(.ledgerLost(path: file.path)) }
        return recovered
    }

    /// Makes the host as declared, or leaves it as it was.
    @discardableResult
    package mutating func converge(
        to host: CompiledHost, probation: Probation? = nil, sealing wish: UInt64? = nil
    ) throws(ApplyError) -> Plan {
        // Whoever sets a link down or up holds it while he does: what is read is so until this run is over.
        let lock = try ledger.lock()
        let host = try linksDown.leave(host, in: namespaces)
        let desired = host.declaration.state
        try desired.requireTunnels()
        // In a lab that is just being built there is nothing yet that could bear marks.
        let marked = ledger.endsWithProcess ? HostState() : HostState(markedBy: host.topology, in: desired)
        let (file, report) = (ledger, applier.report)
        return try applier.converge(
            to: desired, observing: marked, ledger: file, probation: probation, sealing: wish, holding: lock
        ) { (observed, known) throws(ApplyError) in
            try host.requireWorkloads(in: observed)
            return host.plan(observed: observed, ledger: known ?? Self.recovered(host, from: observed, file, report))
        }
    }

    /// How many resources are as declared, if the last run of the same `wish` found nothing to change, and that still holds;
    /// nil where it takes a plan to know. A hash stands for the wish: of the program, the topology and whatever else
    /// a plan depends on.
    package mutating func unchangedCount(forWish wish: UInt64) throws(ApplyError) -> Int? {
        try applier.unbrokenSeal(wish, of: ledger)?.unchanged
    }

    /// Makes what is declared in a lab that this process has just begun to build, where nothing is in its way.
    mutating func begin(with host: CompiledHost) throws(ApplyError) {
        let plan = host.plan(observed: HostState(), ledger: Ledger(topology: host.topology, host: name))
        try applier.makeUnchecked(plan.changes, noting: plan.ledger, in: ledger)
    }

    /// Makes what is part of that lab, and none of the host's own.
    mutating func add(_ changes: [Change]) throws(ApplyError) { try applier.makeUnchecked(changes) }

    /// Has the host's links send from now on, rather than when the kernel comes to look at them.
    mutating func noticeCarriers() throws(ApplyError) { try applier.noticeCarriers(in: .own) }

    /// Carries out a saved plan, if everything it touches still is as it was when the plan was made.
    package mutating func carryOut(_ saved: Plan, probation: Probation? = nil) throws(ApplyError) -> Plan {
        try saved.ledger.entries.requireTunnels()
        let marked = HostState(markedBy: saved.topology, in: saved.ledger.entries)
        let witnesses = applier.witnesses
        return try applier.converge(
            to: saved.ledger.entries, observing: marked, ledger: ledger, probation: probation
        ) { (observed, known) throws(ApplyError) in
            let witness = try witnesses.read(for: saved, ledger: known)
            let stale = saved.staleness(in: observed, ledger: known, witness: witness)
            guard stale.isEmpty else { throw .stale(stale, host: saved.host) }
            return saved
        }
    }

    /// Removes what is ours and puts back what was there before.
    ///
    /// - `lost`: the host as it was declared. Where the ledger is lost, the marks in the kernel and this tell what is
    ///   ours; else the ledger alone does.
    package mutating func destroy(lost: CompiledHost?) throws(ApplyError) -> Plan {
        // None of what is declared is wanted; where it was, there may be marks.
        let marked = lost.map { HostState(markedBy: $0.topology, in: $0.declaration.state).union($0.declaration.state) }
        let (name, report) = (name, applier.report)
        var file = ledger
        // Without a topology nothing but the ledger tells what to look for.
        file.isNeeded = lost == nil
        return try applier.converge(to: HostState(), observing: marked ?? HostState(), ledger: file) {
            [file] (observed, known) throws(ApplyError) in
            let nothing = CompiledHost(topology: known?.topology ?? lost?.topology ?? "", name: name)
            return nothing.plan(
                observed: observed, ledger: known ?? Self.recovered(nothing, from: observed, file, report))
        }
    }

    /// Takes back the last apply, one that waits to be confirmed or was cut short, and gives the changes that this took.
    package mutating func rollBack() throws(ApplyError) -> Plan { try applier.undo(ledger: ledger) }

    /// How many messages that change something this value has sent to a kernel.
    package var modifyingMessageCount: Int { applier.modifyingMessageCount }
}

extension CompiledHost {
    fileprivate func requireWorkloads(in observed: HostState) throws(ApplyError) {
        let absent = absentWorkloads(in: observed).map { workload in
            ApplyError.AbsentWorkload(
                container: workload.container, netns: workload.netns, source: workload.source)
        }
        if !absent.isEmpty { throw .absentWorkloads(absent) }
    }
}

extension HostState {
    /// The one thing of a topology's that no link of a declared namespace leads to. Only a host that has something in its
    /// own namespace may have it, and only there may this user look.
    fileprivate init(markedBy topology: String, in declared: HostState) {
        self.init()
        guard declared.namespaces[.own] != nil else { return }
        insert(.table(.any(named: NATTable.name(ofTopology: topology))), in: .own)
    }
}
