import NetworkState

/// The plan for a machine that has links at most: what is declared, one thing after the other, in the order of making.
///
/// It is the one that ``plan(_:topology:host:observed:ledger:takingOver:locate:)`` makes, which looks for what may be there or
/// in the way; there are a thousand of these in a large topology.
struct FreshPlan {
    private let declaration: Declaration
    private let namespaces: [(netns: Netns, state: NamespaceState)]
    /// The links that each of them is to have.
    private let links: [Table<Link>]
    private let observed: HostState
    private let places: [JSONPointer: String]
    /// The declared links that are there, planned for as usual.
    private let present: Plan
    private let presentLinks: Set<ResourcePlace>

    private var changes: [Change] = []
    private var madeNamespaces: Set<String> = []
    private var unchanged: Int
    private var isSound = true
    /// What was looked up last; most are from where the one before is.
    private var lastSource: (pointer: JSONPointer, source: String?)?
    private var lastDevice: LinkName?

    /// - `observed` has nothing but links.
    /// - `places`: where the topology declares each thing.
    init(_ declaration: Declaration, topology: String, host: String, observed: HostState, places: [JSONPointer: String])
    {
        self.declaration = declaration
        self.observed = observed
        self.places = places
        namespaces = declaration.state.sortedNamespaces
        self.links = namespaces.map(\.state.links)
        let links = observed.namespaces.flatMap { netns, state in
            state.links.unordered.map { ResourcePlace(.link($0.name), in: netns) }
        }
        presentLinks = Set(links.filter { declaration.state[$0.netns, $0.identity] != nil })
        present = Compiler.plan(
            declaration.limited(to: presentLinks), topology: topology, host: host, observed: observed,
            ledger: Ledger(topology: topology, host: host)
        ) { _ in places }
        unchanged = present.unchanged
    }

    /// Nil where something is in the way or is missing, so that it takes a planner to tell.
    mutating func plan() -> Plan? {
        guard present.conflicts.isEmpty, present.missingLinks.isEmpty,
            present.changes.allSatisfy({ $0.before != nil && $0.after != nil && $0.takes.isEmpty })
        else { return nil }
        changes.reserveCapacity(namespaces.reduce(0) { $0 + $1.state.count + 1 })
        addNamespaces()
        let kinds = namespaces.map(Self.resourcesByKind)
        for kind in kinds.first?.indices ?? 0..<0 {
            for index in namespaces.indices { add(kinds[index][kind], inNamespace: index) }
        }
        guard isSound else { return nil }
        return Plan(
            topology: present.topology, host: present.host, changes: changes, unchanged: unchanged, ledger: ledger)
    }

    private mutating func addNamespaces() {
        for (netns, _) in namespaces {
            guard let name = netns.name, declaration.pointer(to: .netns, in: netns) != nil else { continue }
            if observed.namespaces[netns] == nil {
                append(.netns, in: netns)
                madeNamespaces.insert(name)
            } else {
                unchanged += 1
            }
        }
    }

    /// In the order of making.
    private static func resourcesByKind(in netns: Netns, _ state: NamespaceState) -> [[Resource]] {
        [
            ranked(state.links.sorted.map(Resource.link), in: netns), state.sysctls.sorted.map(Resource.sysctl),
            state.addresses.sorted.map(Resource.address), state.neighbours.sorted.map(Resource.neighbour),
            state.fdb.sorted.map(Resource.fdb), state.tables.sorted.map(Resource.table),
            ranked(state.routes.sorted.map(Resource.route), in: netns),
        ]
    }

    private static func ranked(_ resources: [Resource], in netns: Netns) -> [Resource] {
        let ranks = resources.map { $0.rankOfMaking(in: netns) }
        guard let last = ranks.max(), last > 0 else { return resources }
        return (0...last).flatMap { rank in resources.indices.filter { ranks[$0] == rank }.map { resources[$0] } }
    }

    private mutating func add(_ resources: [Resource], inNamespace index: Int) {
        lastDevice = nil
        for resource in resources {
            for device in resource.devices where device != lastDevice {
                if isMissing(device, inNamespace: index) { isSound = false }
                lastDevice = device
            }
            append(resource, in: namespaces[index].netns)
        }
    }

    private func isMissing(_ device: LinkName, inNamespace index: Int) -> Bool {
        links[index][device] == nil
            && observed.namespaces[namespaces[index].netns]?.links[device] == nil && device != .loopback
    }

    private mutating func append(_ resource: Resource, in netns: Netns) {
        let identity = resource.identity
        if case .link = resource, presentLinks.contains(ResourcePlace(identity, in: netns)) {
            changes += present.changes.filter { $0.netns == netns && $0.identity == identity }
        } else {
            let pointer = declaration.pointer(to: identity, in: netns)
            changes.append(Change(in: netns, from: nil, to: resource, source: source(at: pointer)))
        }
    }

    private mutating func source(at pointer: JSONPointer?) -> String? {
        guard let pointer else { return nil }
        if let lastSource, lastSource.pointer == pointer { return lastSource.source }
        let source = places[pointer]
        lastSource = (pointer, source)
        return source
    }

    private var ledger: Ledger {
        var entries = declaration.state
        for place in presentLinks { entries.remove(place.identity, in: place.netns) }
        for (netns, state) in present.ledger.entries.namespaces {
            for link in state.links.unordered { entries.insert(.link(link), in: netns) }
        }
        for (netns, state) in entries.namespaces where state.isEmpty { entries.namespaces[netns] = nil }
        var ledger = present.ledger
        ledger.entries = entries
        ledger.namespaces = madeNamespaces
        return ledger
    }
}
