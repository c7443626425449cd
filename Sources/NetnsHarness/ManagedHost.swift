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
        let known = try ledger.read()
        return host.plan(observed: try applier.observe(interest(host.declaration.state, known)), ledger: known)
    }

    /// Makes the host as declared, or leaves it as it was.
    package mutating func converge(to host: CompiledHost) throws(ApplyError) -> Plan {
        try applier.converge(to: host.declaration.state, ledger: ledger) { observed, known in
            host.plan(observed: observed, ledger: known)
        }
    }

    /// Carries out a saved plan, if everything it touches still is as it was when the plan was made.
    package mutating func carryOut(_ saved: Plan) throws(ApplyError) -> Plan {
        var touched = saved.ledger.entries
        for change in saved.changes { touched.insert(change.resource, in: change.netns) }
        return try applier.converge(to: touched, ledger: ledger) { (observed, _) throws(ApplyError) in
            let stale = saved.changes.filter { $0.before != observed[$0.netns, $0.identity] && !isNews($0, observed) }
            guard stale.isEmpty else { throw .stale(stale) }
            return saved
        }
    }

    /// Removes what the ledger says is ours and puts back what was there before.
    package mutating func destroy(topology: String) throws(ApplyError) -> Plan {
        try converge(to: CompiledHost(topology: topology, name: name))
    }

    /// How many messages that change something this value has sent to a kernel.
    package var modifyingMessageCount: Int { applier.modifyingMessageCount }

    private func interest(_ desired: HostState, _ known: Ledger?) -> HostState { desired }
    private func isNews(_ change: Change, _ observed: HostState) -> Bool { false }
}
