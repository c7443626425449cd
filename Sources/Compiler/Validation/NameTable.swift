import NetworkState

/// What every name of a topology stands for.
struct NameTable {
    struct Entry {
        let node: Node
        /// Its place among those of its kind; a container's host's.
        let index: Int
        let pointer: JSONPointer
    }

    private var entries: [String: Entry] = [:]
    private var reported: Set<[JSONPointer]> = []

    /// Reports each name that two nodes have: a lab gives each node a namespace of that name.
    init(_ topology: Topology, _ roster: Roster, _ diagnostics: inout Diagnostics) {
        for (index, segment) in topology.segments.elements.enumerated() {
            insert(.segment, segment.name.value, index, segment.name.pointer ?? segment.pointer, &diagnostics)
        }
        for (index, router) in topology.routers.elements.enumerated() {
            insert(.router, router.name.value, index, router.name.pointer ?? router.pointer, &diagnostics)
        }
        for (index, server) in topology.servers.elements.enumerated() {
            insert(.server, server.name.value, index, server.name.pointer ?? server.pointer, &diagnostics)
        }
        for (index, host) in roster.hosts.enumerated() {
            insert(.host, host.name, index, host.written.name.pointer ?? host.written.pointer, &diagnostics)
        }
        for (index, host) in roster.hosts.enumerated() {
            for container in host.containers {
                let pointer = host.written(container)?.name.pointer ?? container.pointer
                insert(.container, container.name, index, pointer, &diagnostics)
            }
        }
    }

    subscript(name: String) -> Entry? { entries[name] }

    func names(where isIncluded: (Node.Kind) -> Bool) -> [String] {
        entries.filter { isIncluded($0.value.node.kind) }.map(\.key)
    }

    private mutating func insert(
        _ kind: Node.Kind, _ name: String?, _ index: Int, _ pointer: JSONPointer, _ diagnostics: inout Diagnostics
    ) {
        guard let name else { return }
        let node = Node(kind: kind, name: name)
        guard let other = entries[name] else {
            entries[name] = Entry(node: node, index: index, pointer: pointer)
            return
        }
        // Two ranges clash in one place, however many names they share.
        if reported.insert([pointer, other.pointer]).inserted {
            diagnostics.report(.nameClash(node, at: pointer, with: other.node, other.pointer))
        }
    }
}
