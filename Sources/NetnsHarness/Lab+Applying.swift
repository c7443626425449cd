package import Applier
import Compiler
import Netlink
import NetworkState

/// Changing a lab that is up.
extension Lab {
    /// Brings the lab in this place, whatever topology it was built from, to this one: hosts and containers join and leave,
    /// and what stays is left alone.
    ///
    /// - `holder`: the process that holds the lab, if it is not this one. The forwarders that are started live as long as
    ///   that one.
    /// - `isBare`: whether to stop at the machines and wires, and leave the hosts that stay or join to their agents.
    package func apply(
        holder: CInt? = nil, isBare: Bool = false, progress: (String) -> Void = { _ in }
    ) throws(ApplyError) {
        let former = try ledgers()
        for (host, ledger) in former.sorted(by: { $0.key < $1.key }) where isToBeCleared(host, ledger) {
            progress("clearing host \(host)")
            try clear(host)
        }
        try forgetLinksDown()
        try convergeUnderlay(progress)
        if isBare { return try awaitSwitches(of: []) }
        try convergeHosts(progress)
        try pinNeighbours()
        if former.values.contains(where: { $0.topology != topology.name }) { try forgetNeighbours() }
        try settle(holder: holder)
    }

    /// What every host of the lab in this place has had applied to it.
    func ledgers() throws(ApplyError) -> [String: Ledger] {
        let files = try systems { () throws(SystemError) in try listDirectory(stateDirectory) }
        var ledgers: [String: Ledger] = [:]
        for file in files where file.hasSuffix(".json") {
            let host = String(file.dropLast(5))
            ledgers[host] = try LedgerFile(directory: stateDirectory, host: host).readIfSound { _ in }
        }
        return ledgers
    }

    /// Hosts that leave, and those that have a container which is another's now: its namespace has but one name.
    private func isToBeCleared(_ name: String, _ ledger: Ledger) -> Bool {
        guard topology.hosts.contains(where: { $0.name == name }) else { return true }
        return topology.hosts.contains { host in
            host.name != name && host.containers.contains { ledger.namespaces.contains($0.name) }
        }
    }

    private func clear(_ host: String) throws(ApplyError) {
        var managed = managedHost(host)
        _ = try managed.destroy(lost: nil)
    }

    /// Wires that have to be made anew take with them what hosts have on them; those hosts are cleared first and come
    /// back like new ones.
    private func convergeUnderlay(_ progress: (String) -> Void) throws(ApplyError) {
        do throws(ApplyError) {
            try wire(besides: ledgers(), progress)
        } catch {
            guard case .conflicts(let conflicts) = error else { throw error }
            let names = Set(conflicts.compactMap(\.netns.name)).intersection(try ledgers().keys)
            guard !names.isEmpty else { throw error }
            for name in names.sorted() { try clear(name) }
            try wire(besides: ledgers(), progress)
        }
    }

    /// Addresses stay while link-layer addresses, which a topology's name is a part of, have changed: what the kernels
    /// have learnt of each other would mislead them for seconds.
    private func forgetNeighbours() throws(ApplyError) {
        var applier = Applier(HostNamespaces(directory: directory.path))
        try applier.forgetNeighbours(in: nodes.filter { $0.kind != .segment }.map { .named($0.name) })
    }
}

extension Lab {
    /// What would bring machines and wires back to what they were made as, each switch under its segment's name.
    func underlayChanges() throws(ApplyError) -> [Change] {
        var managed = managedPart("underlay", isNew: false)
        let declaration = topology.underlayDeclaration(switchesIn: .switches).leavingSettings(of: try ledgers())
        let host = CompiledHost(topology: topology.name, name: "underlay", declaration: declaration)
        return try managed.plan(for: host).told.map(switchLinks.naming)
    }
}

/// Runs `body`, outside any change to a host.
func systems<Value: ~Copyable>(_ body: () throws(SystemError) -> Value) throws(ApplyError) -> Value {
    do throws(SystemError) { return try body() } catch { throw ApplyError.system(error, .unchanged) }
}
