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
    private let roster: Roster
    /// The hosts that only say how many containers they have, by what the names of those begin with. Those names are not
    /// among ``entries``: there may be a hundred thousand, and which they are can be told without a list.
    private var numbered: [String: Int] = [:]

    /// Reports each name that two nodes have: a lab gives each node a namespace of that name.
    init(_ topology: Topology, _ roster: Roster, _ diagnostics: inout Diagnostics) {
        self.roster = roster
        entries.reserveCapacity(roster.hosts.count)
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
        noteNumbered()
        for (index, host) in roster.hosts.enumerated() {
            if numbered.isEmpty {
                for container in host.containers { insert(container, of: host, index, &diagnostics) }
            } else {
                for container in host.containers.written { insert(container, of: host, index, &diagnostics) }
            }
        }
    }

    subscript(name: String) -> Entry? {
        if let entry = entries[name] { return entry }
        guard let index = numberedHost(of: name), case .numbered(_, let pointer) = roster.hosts[index].containers else {
            return nil
        }
        return Entry(node: Node(kind: .container, name: name), index: index, pointer: pointer)
    }

    func names(where isIncluded: (Node.Kind) -> Bool) -> [String] {
        let counted = isIncluded(.container) ? numbered.values.flatMap { roster.hosts[$0].containers.map(\.name) } : []
        return entries.filter { isIncluded($0.value.node.kind) }.map(\.key) + counted
    }

    /// Leaves ``numbered`` empty if a name in it would be another's too: then all are listed, to find where.
    private mutating func noteNumbered() {
        for (index, host) in roster.hosts.enumerated() {
            guard case .numbered(let names, _) = host.containers else { continue }
            if numbered.updateValue(index, forKey: names.stem) != nil {
                numbered = [:]
                return
            }
        }
        let written = roster.hosts.lazy.flatMap(\.containers.written).map(\.name)
        if entries.keys.contains(where: { numberedHost(of: $0) != nil })
            || written.contains(where: { numberedHost(of: $0) != nil })
        {
            numbered = [:]
        }
    }

    /// The host with a container that has this name for its number.
    private func numberedHost(of name: String) -> Int? {
        if numbered.isEmpty { return nil }
        guard let (stem, number) = NumberedNames.split(name), let index = numbered[String(stem)],
            number <= roster.hosts[index].containers.count
        else { return nil }
        return index
    }

    private mutating func insert(
        _ container: Roster.Container, of host: Roster.Host, _ index: Int, _ diagnostics: inout Diagnostics
    ) {
        let pointer = host.written(container)?.name.pointer ?? container.pointer
        insert(.container, container.name, index, pointer, &diagnostics)
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
