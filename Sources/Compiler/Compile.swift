package import NetworkState

/// The plan of `host` against a machine that has nothing yet: what compiling a topology is.
package func compile(
    _ topology: ValidTopology,
    host index: Int,
    locate: ([JSONPointer]) -> [JSONPointer: String] = { _ in [:] }
) -> Plan {
    let host = topology.hosts[index]
    let declaration = topology.declaration(forHost: index)
    return plan(
        declaration, topology: topology.name, host: host.name,
        observed: HostState.untouched(host.uplinks.map(\.name)),
        ledger: Ledger(topology: topology.name, host: host.name), locate: locate)
}

extension HostState {
    /// A host as it comes: its own namespace, with `links` and nothing else.
    fileprivate static func untouched(_ links: [LinkName]) -> HostState {
        var state = NamespaceState()
        for name in links { state.links.insert(Link(name: name, isUp: true)) }
        return HostState([.own: state])
    }
}
