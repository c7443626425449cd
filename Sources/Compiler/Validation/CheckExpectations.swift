import NetworkState

/// Expectations with their names resolved to containers and servers.
struct ExpectationResolution {
    private let roster: Roster
    private let names: NameTable
    private let labels: LabelTable

    init(_ topology: Topology, _ roster: Roster, _ names: NameTable) {
        self.roster = roster
        self.names = names
        labels = LabelTable(topology, roster)
    }

    /// What an unknown name may be a slip of.
    private var known: [String] { names.names { $0 == .container || $0 == .host || $0 == .server } }

    func resolve(
        _ expectations: [Topology.Expectation], _ diagnostics: inout Diagnostics
    ) -> [ValidTopology.Expectation] {
        let resolved = expectations.map { resolve($0, &diagnostics) }
        checkContrary(resolved, &diagnostics)
        return resolved
    }

    private func resolve(
        _ expectation: Topology.Expectation, _ diagnostics: inout Diagnostics
    ) -> ValidTopology.Expectation {
        let (from, to) = (ends(expectation.from, &diagnostics), ends(expectation.to, &diagnostics))
        // Of ends that are not what was meant nothing follows.
        if expectation.from.isResolved(to: from), expectation.to.isResolved(to: to) {
            checkWays(expectation, from: from, to: to, &diagnostics)
        }
        checkSense(expectation, &diagnostics)
        return ValidTopology.Expectation(
            from: from,
            to: to,
            isReachable: expectation.isReachable.value ?? (expectation.saysOnlyWho ? true : nil),
            protocols: protocols(expectation, &diagnostics),
            port: expectation.port.value,
            path: expectation.path.value?.map(\.value),
            returnPath: expectation.returnPath.value?.map(\.value),
            encapsulation: expectation.encapsulation.value,
            mtu: expectation.mtu.value,
            source: expectation.source.value,
            bulk: expectation.bulk.value,
            gateway: expectation.gateway.value,
            pointer: expectation.pointer
        )
    }

    private func protocols(
        _ expectation: Topology.Expectation, _ diagnostics: inout Diagnostics
    ) -> Set<ProbeProtocol> {
        let written = (expectation.protocols.value?.map(\.value)).map(Set.init)
        if written?.isEmpty == true, let place = expectation.protocols.pointer {
            diagnostics.report(.nothing("protocol", at: place))
        }
        guard let place = expectation.port.pointer else { return written ?? Set(ProbeProtocol.allCases) }
        if written?.contains(.icmp) == true { diagnostics.report(.portOfICMP(at: place)) }
        return written ?? [.tcp]
    }

    // MARK: Who

    /// Everyone is the empty set, so nobody must never come out of this without a report.
    private func ends(_ member: Member<Topology.Endpoints>, _ diagnostics: inout Diagnostics) -> Set<String> {
        guard case .written(let endpoints, let place) = member else { return [] }
        switch endpoints {
        case .everyone:
            if roster.isComplete, roster.hosts.allSatisfy(\.containers.isEmpty) {
                diagnostics.report(.nobody(in: nil, at: place))
            }
            return []
        case .named(let written):
            if written.isEmpty { diagnostics.report(.nothing("container", at: place)) }
            return written.reduce(into: []) { $0.formUnion(ends(named: $1, &diagnostics)) }
        }
    }

    private func ends(named name: Located<String>, _ diagnostics: inout Diagnostics) -> [String] {
        if let selector = Selector(parsing: name.value) { return selected(by: selector, name, &diagnostics) }
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

    private func selected(
        by selector: Selector, _ text: Located<String>, _ diagnostics: inout Diagnostics
    ) -> [String] {
        guard selector.isWellFormed else {
            diagnostics.report(.badSelector(text.value, at: text.pointer))
            return []
        }
        let all = names.names { $0 == .container || $0 == .server }
        let chosen = all.filter { selector.matches($0, labels[$0]) }
        if chosen.isEmpty, roster.isComplete {
            let isByLabel = if case .labels = selector { true } else { false }
            diagnostics.report(
                .nobodySelected(
                    text.value, at: text.pointer, words: isByLabel ? labels.words : all,
                    noun: isByLabel ? "label" : "container"))
        }
        return chosen
    }
}

// Ways.
extension ExpectationResolution {
    private func checkWays(
        _ expectation: Topology.Expectation, from: Set<String>, to: Set<String>, _ diagnostics: inout Diagnostics
    ) {
        check(expectation.path, from: from, to: to, &diagnostics)
        check(expectation.returnPath, from: to, to: from, &diagnostics)
    }

    private func check(
        _ way: Member<[Located<PathElement>]>, from: Set<String>, to: Set<String>, _ diagnostics: inout Diagnostics
    ) {
        guard case .written(let elements, let place) = way else { return }
        for element in elements { checkNode(element, &diagnostics) }
        guard from.count == 1, to.count == 1, let from = from.first, let to = to.first else {
            return diagnostics.report(.severalWays(at: place))
        }
        guard let first = elements.first, let last = elements.last else {
            return diagnostics.report(.nothing("node", at: place))
        }
        if first.value.node != from {
            diagnostics.report(.wrongEnd(first.value.node, expected: from, isFirst: true, at: first.pointer))
        }
        if last.value.node != to {
            diagnostics.report(.wrongEnd(last.value.node, expected: to, isFirst: false, at: last.pointer))
        }
    }

    private func checkNode(_ element: Located<PathElement>, _ diagnostics: inout Diagnostics) {
        let kinds: [Node.Kind] = [.container, .host, .router, .server]
        guard roster.isComplete, names[element.value.node].map({ !kinds.contains($0.node.kind) }) ?? true else {
            return
        }
        diagnostics.report(
            .unknownNode(
                element.value.node, "container, host, router or server", at: element.pointer,
                known: names.names(where: kinds.contains)))
    }
}

extension Member<Topology.Endpoints> {
    /// Whether `names` are those that it means: everyone is nobody's name, and so is one that there is not.
    fileprivate func isResolved(to names: Set<String>) -> Bool {
        guard case .written(let endpoints, _) = self else { return false }
        if case .named = endpoints { return !names.isEmpty }
        return true
    }
}
