import NetworkState

/// A topology's network as far as its pairs are predicted: read one host after the other, and of the containers that nothing tells
/// apart two alone, for what becomes of them becomes of all.
struct NetworkSurvey {
    let ends: [NetworkEnd]
    let classes: EndClasses
    let network: ForwardingNetwork

    /// - `namespaces`: in the place of those that follow from the topology.
    init(_ topology: ValidTopology, _ namespaces: [String: NamespaceState]?) {
        let ends = topology.ends
        var reading = SurveyReading(topology, namespaces, ends)
        reading.readHosts()
        reading.readOthers()
        classes = EndClasses(ends, of: topology, reading.marks)
        reading.add(Set(classes.classes.flatMap { $0.prefix(2) }.map { ends[$0].name }))
        network = ForwardingNetwork(reading.nodes)
        self.ends = ends
    }
}

private struct SurveyReading {
    typealias NamedState = (name: String, state: NamespaceState)

    private let topology: ValidTopology
    private let isPlanned: Bool
    /// All that there is, or where it follows from the topology, what there is without weft.
    private let known: [String: NamespaceState]
    private let overlays: [String: UDPOverlay]
    private(set) var marks: EndMarks
    private(set) var nodes: [ForwardingNode] = []

    init(_ topology: ValidTopology, _ namespaces: [String: NamespaceState]?, _ ends: [NetworkEnd]) {
        self.topology = topology
        isPlanned = namespaces == nil
        known = namespaces ?? topology.plannedUnderlay
        overlays = topology.overlays
        marks = EndMarks(ends)
    }

    mutating func readHosts() {
        for (index, host) in topology.hosts.enumerated() {
            var containers = states(ofHost: index)
            guard let own = containers.first, own.name == host.name else { continue }
            containers.removeFirst()
            marks.read(own, containers)
            nodes.append(ForwardingNode(host.name, own.state, overlay: overlays[host.name]))
            nodes += chosen(of: containers)
        }
    }

    /// Routers, servers and switches.
    mutating func readOthers() {
        let others = Set(known.keys).subtracting(topology.hosts.flatMap { [$0.name] + $0.containers.map(\.name) })
        let switches = Set(topology.segments.map(\.name))
        for name in others {
            guard let state = known[name] else { continue }
            marks.read((name, state), [])
            nodes.append(ForwardingNode(name, state, isSwitch: switches.contains(name)))
        }
    }

    /// Those of `containers` that were left out.
    mutating func add(_ containers: Set<String>) {
        let lacking = containers.subtracting(nodes.map(\.name))
        if lacking.isEmpty { return }
        for (index, host) in topology.hosts.enumerated()
        where host.containers.contains(where: { lacking.contains($0.name) }) {
            for (name, state) in states(ofHost: index) where lacking.contains(name) {
                nodes.append(ForwardingNode(name, state))
            }
        }
    }

    /// The host's own first.
    private func states(ofHost index: Int) -> [NamedState] {
        let host = topology.hosts[index]
        if isPlanned { return topology.plannedNamespaces(ofHost: index, on: known[host.name]) }
        return ([host.name] + host.containers.map(\.name)).compactMap { name in known[name].map { (name, $0) } }
    }

    /// Of containers that look alike so far two, and every one that others may have to do with.
    private func chosen(of containers: [NamedState]) -> [ForwardingNode] {
        var counts: [UInt64: Int] = [:]
        return containers.compactMap { name, state in
            let sum = marks.sum(of: name)
            counts[sum, default: 0] += 1
            return counts[sum, default: 0] > 2 && state.isLeaf ? nil : ForwardingNode(name, state)
        }
    }
}

extension NamespaceState {
    /// Whether nothing gets through it, and it answers for nobody else: it has a single link, and no setting of a proxy's.
    fileprivate var isLeaf: Bool {
        links.unordered.filter { $0.kind != .loopback }.count <= 1
            && !sysctls.unordered.contains { $0.key.contains("/proxy_") && $0.value != "0" }
    }
}
