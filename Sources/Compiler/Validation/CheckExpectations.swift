import NetworkState

/// Expectations with their names resolved to containers and servers.
struct ExpectationResolution {
    private let roster: Roster
    private let names: NameTable
    /// What an unknown name may be a slip of.
    private let known: [String]

    init(_ roster: Roster, _ names: NameTable) {
        self.roster = roster
        self.names = names
        known = names.names { $0 == .container || $0 == .host || $0 == .server }
    }

    func resolve(
        _ expectations: [Topology.Expectation], _ diagnostics: inout Diagnostics
    ) -> [ValidTopology.Expectation] {
        expectations.map { expectation in
            let protocols = expectation.protocols.value?.map(\.value) ?? ProbeProtocol.allCases
            if protocols.isEmpty, let place = expectation.protocols.pointer {
                diagnostics.report(.nothing("protocol", at: place))
            }
            return ValidTopology.Expectation(
                from: containers(expectation.from, &diagnostics),
                to: containers(expectation.to, &diagnostics),
                isReachable: expectation.isReachable.value ?? true,
                protocols: Set(protocols),
                pointer: expectation.pointer
            )
        }
    }

    /// Everyone is the empty set, so nobody must never come out of this without a report.
    private func containers(_ member: Member<Topology.Endpoints>, _ diagnostics: inout Diagnostics) -> Set<String> {
        guard case .written(let endpoints, let place) = member else { return [] }
        switch endpoints {
        case .everyone:
            if roster.isComplete, roster.hosts.allSatisfy(\.containers.isEmpty) {
                diagnostics.report(.nobody(in: nil, at: place))
            }
            return []
        case .named(let written):
            if written.isEmpty { diagnostics.report(.nothing("container", at: place)) }
            return written.reduce(into: []) { $0.formUnion(containers(named: $1, &diagnostics)) }
        }
    }

    private func containers(named name: Located<String>, _ diagnostics: inout Diagnostics) -> [String] {
        let entry = names[name.value]
        switch entry?.node.kind {
        case .container, .server: return [name.value]
        case .host:
            let containers = roster.hosts[entry?.index ?? 0].containers.map(\.name)
            if containers.isEmpty, roster.isComplete {
                diagnostics.report(.nobody(in: name.value, at: name.pointer))
            }
            return containers
        case .segment, .router, .network, nil:
            if roster.isComplete || entry != nil {
                diagnostics.report(.unknownHost(name.value, at: name.pointer, other: entry?.node, known: known))
            }
            return []
        }
    }
}
