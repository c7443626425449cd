package import Applier
package import Compiler
package import NetworkState

/// A host that weft keeps as declared, real or of a lab: where its namespaces are, and its ledger.
package struct ManagedHost: ~Copyable {
    package let name: String
    package let ledger: LedgerFile
    private var applier: Applier

    /// - `stateDirectory`: where ledgers are kept, `/run/weft` on a real host.
    package init(_ name: String, namespaces: HostNamespaces = HostNamespaces(), stateDirectory: String) {
        self.name = name
        ledger = LedgerFile(directory: stateDirectory, host: name)
        applier = Applier(namespaces)
    }

    /// What converging would do. Changes nothing, and takes no lock.
    package mutating func plan(for host: CompiledHost) throws(ApplyError) -> Plan {
        try host.declaration.state.requireTunnels()
        let known = try ledger.read()
        return host.plan(observed: try applier.observe(for: host.declaration.state, known), ledger: known)
    }

    /// Makes the host as declared, or leaves it as it was.
    @discardableResult
    package mutating func converge(to host: CompiledHost) throws(ApplyError) -> Plan {
        try host.declaration.state.requireTunnels()
        return try applier.converge(to: host.declaration.state, ledger: ledger) { observed, known in
            host.plan(observed: observed, ledger: known)
        }
    }

    /// Carries out a saved plan, if everything it touches still is as it was when the plan was made.
    package mutating func carryOut(_ saved: Plan) throws(ApplyError) -> Plan {
        try saved.ledger.entries.requireTunnels()
        return try applier.converge(to: saved.ledger.entries, ledger: ledger) { (observed, _) throws(ApplyError) in
            let stale = saved.changes(staleIn: observed)
            guard stale.isEmpty else { throw .stale(stale, host: saved.host) }
            return saved
        }
    }

    /// Removes what is ours and puts back what was there before.
    ///
    /// - `lost`: the host as it was declared. Where the ledger is lost, the marks in the kernel and this tell what is
    ///   ours; else the ledger alone does.
    package mutating func destroy(lost: CompiledHost?) throws(ApplyError) -> Plan {
        let known = try ledger.read()
        let topology = known?.topology ?? lost?.topology ?? ""
        let nothing = CompiledHost(topology: topology, name: name)
        guard known == nil, let lost else { return try converge(to: nothing) }
        // The declared namespaces have to be looked into for marks, and none of what is declared is wanted.
        return try applier.converge(to: HostState(), observing: lost.declaration.state, ledger: ledger) {
            observed, known in
            nothing.plan(observed: observed, ledger: known)
        }
    }

    /// How many messages that change something this value has sent to a kernel.
    package var modifyingMessageCount: Int { applier.modifyingMessageCount }
}

extension Plan {
    /// The changes whose starting point is no longer what `observed` has.
    fileprivate func changes(staleIn observed: HostState) -> [Change] {
        var seen: Set<ResourcePlace> = []
        let written = Set(changes.map(\.place))
        return changes.filter { change in
            // Only the first change to a thing starts from what is there; the next starts from what that one left.
            guard seen.insert(change.place).inserted else { return false }
            if case .sysctl(let sysctl) = change.resource, let sweeper = sysctl.sweeper,
                written.contains(ResourcePlace(.sysctl(sweeper), in: change.netns))
            {
                return false
            }
            return change.before != observed[change.netns, change.identity]
        }
    }
}
