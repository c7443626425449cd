import NetworkState

/// A topology's network as far as its pairs are predicted: read one host after the other, and of the containers that nothing tells
/// apart two alone, for what becomes of them becomes of all.
struct NetworkSurvey {
    let ends: [NetworkEnd]
    let classes: EndClasses
    let network: ForwardingNetwork

    /// - `namespaces`: in the place of those that follow from the topology.
    init(_ topology: ValidTopology, _ namespaces: [String: NamespaceState]?) {
        var reading = SurveyReading(topology, namespaces)
        for index in topology.hosts.indices { reading.readHost(index, reading.states(ofHost: index)) }
        self.init(reading)
    }

    init(_ reading: consuming SurveyReading) {
        reading.readOthers()
        ends = reading.ends
        classes = EndClasses(ends, of: reading.topology, reading.marks)
        let ends = ends
        reading.add(Set(classes.classes.flatMap { $0.prefix(2) }.map { ends[$0].name }))
        network = ForwardingNetwork(reading.nodes)
    }
}

/// What has been read of a network so far.
struct SurveyReading {
    typealias NamedState = (name: String, state: NamespaceState)

    let topology: ValidTopology
    let ends: [NetworkEnd]
    let overlays: [String: UDPOverlay]
    private let isPlanned: Bool
    /// All that there is, or where it follows from the topology, what there is without weft.
    private let known: [String: NamespaceState]
    private(set) var marks: EndMarks
    private(set) var nodes: [ForwardingNode] = []

    /// - `namespaces`: in the place of those that follow from the topology.
    /// - `others`: ends of another network, of which this one may adopt hosts.
    init(_ topology: ValidTopology, _ namespaces: [String: NamespaceState]? = nil, besides others: [NetworkEnd] = []) {
        self.topology = topology
        ends = topology.ends
        isPlanned = namespaces == nil
        known = namespaces ?? topology.plannedUnderlay
        overlays = topology.overlays
        marks = EndMarks(ends, besides: others)
    }

    /// What there is without weft, or all that there is.
    func known(_ name: String) -> NamespaceState? { known[name] }

    /// The host's own first.
    ///
    /// - `declared`: what the host is to have, if that is known already.
    func states(ofHost index: Int, declared: HostState? = nil) -> [NamedState] {
        let host = topology.hosts[index]
        if isPlanned { return topology.plannedNamespaces(ofHost: index, on: known[host.name], declared: declared) }
        return ([host.name] + host.containers.map(\.name)).compactMap { name in known[name].map { (name, $0) } }
    }

    /// What was read last, as another network may adopt it.
    struct HostReading {
        fileprivate let names: [String]
        fileprivate let remarks: EndMarks.Remarks
        fileprivate let nodes: [ForwardingNode]
    }

    @discardableResult mutating func readHost(_ index: Int, _ states: [NamedState]) -> HostReading? {
        let host = topology.hosts[index]
        guard let own = states.first, own.name == host.name else { return nil }
        let containers = Array(states.dropFirst())
        let remarks = marks.read(own, containers)
        let read =
            [ForwardingNode(host.name, own.state, overlay: overlays[host.name])]
            + chosen(of: containers).map { ForwardingNode($0.name, $0.state) }
        nodes += read
        return HostReading(names: states.map(\.name), remarks: remarks, nodes: read)
    }

    /// A host that is the same in `other`, which has read it.
    mutating func adopt(_ host: HostReading, from other: SurveyReading) {
        marks.adopt(host.names, from: other.marks, host.remarks)
        nodes += host.nodes
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

    /// Of containers that look alike so far two, and every one that others may have to do with.
    private func chosen(of containers: [NamedState]) -> [NamedState] {
        var counts: [UInt64: Int] = [:]
        return containers.filter { name, state in
            let sum = marks.sum(of: name)
            counts[sum, default: 0] += 1
            return counts[sum, default: 0] <= 2 || !state.isLeaf
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
