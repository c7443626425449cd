import NetworkState

/// Where in a topology's text the entries of its namespaces follow from: looked up when something is to be said of one, so that
/// a network without mistakes is not charged for it.
struct EntryOrigins {
    private let topology: ValidTopology
    private let nodes: [String: JSONPointer]
    /// The hosts, by index, that the namespaces of hosts and containers are theirs to declare.
    private let owners: [String: Int]
    private var hosts: [Int: Declaration] = [:]
    private lazy var underlay = topology.underlayDeclaration()

    init(_ topology: ValidTopology) {
        self.topology = topology
        let containers = topology.hosts.flatMap(\.containers).map { ($0.name, $0.pointer) }
        let machines = (topology.routers + topology.servers).map { ($0.name, $0.pointer) }
        let segments = topology.segments.map { ($0.name, $0.pointer) }
        nodes = Dictionary(
            containers + machines + segments + topology.hosts.map { ($0.name, $0.pointer) },
            uniquingKeysWith: { first, _ in first })
        let names = topology.hosts.enumerated().flatMap { index, host in
            ([host.name] + host.containers.map(\.name)).map { ($0, index) }
        }
        owners = Dictionary(names, uniquingKeysWith: { first, _ in first })
    }

    /// Of a host, container, router, server or segment.
    func pointer(to node: String) -> JSONPointer? { nodes[node] }

    /// Nil for what nobody declares.
    mutating func pointer(to entry: Reliance) -> JSONPointer? {
        let identity = entry.resource.identity
        if let pointer = pointer(to: identity, at: entry.node) { return pointer }
        // Who says that a host forwards says so of each of its links.
        guard case .sysctl(let sysctl) = entry.resource, let sweeper = sysctl.sweeper else { return nil }
        return pointer(to: .sysctl(sweeper), at: entry.node)
    }

    private mutating func pointer(to identity: Resource.Identity, at node: String) -> JSONPointer? {
        if let index = owners[node] {
            let declaration = hosts[index] ?? topology.declaration(forHost: index)
            hosts[index] = declaration
            let netns = topology.nodeNames(of: topology.hosts[index]).first { $0.value == node }?.key
            if let netns, let pointer = declaration.pointer(to: identity, in: netns) { return pointer }
        }
        return underlay.pointer(to: identity, in: .named(node))
    }
}
