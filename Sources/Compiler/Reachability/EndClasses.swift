import NetworkState

/// Ends that no table of the network tells apart, so that what becomes of one's packets becomes of all others' alike.
///
/// Two ends are of one class if everything that names them, anywhere, is the same but for their own names, addresses and links,
/// and if no prefix or rule, anywhere, holds an address of the one and not of the other (the atomic predicates of Yang and
/// Lam, "Real-time Verification of Network Properties using Atomic Predicates", 2013). Both are read off the states; nothing is
/// assumed of how they were made.
struct EndClasses {
    /// Of indices into the ends, each in order, by their first.
    let classes: [[Int]]

    init(
        _ ends: [NetworkEnd], of topology: ValidTopology, _ namespaces: [String: NamespaceState],
        _ network: ForwardingNetwork
    ) {
        var marks = Mentions(ends, namespaces).marks
        let atoms = AddressAtoms(topology, namespaces, network)
        for (index, end) in ends.enumerated() {
            // Only containers are alike: a server is its own machine.
            marks[index].append("end of \(end.host ?? end.name + " itself")")
            for address in end.addresses { marks[index].append(atoms.mark(of: address)) }
        }
        for (number, expectation) in topology.expectations.enumerated() {
            for (index, end) in ends.enumerated() {
                if expectation.from.contains(end.name) { marks[index].append("from of \(number)") }
                if expectation.to.contains(end.name) { marks[index].append("to of \(number)") }
            }
        }
        let groups = Dictionary(grouping: ends.indices) { marks[$0].sorted() }
        classes = groups.values.map { $0.sorted() }.sorted { $0[0] < $1[0] }
    }
}

/// Where ends are named.
private struct Mentions {
    private(set) var marks: [[String]]
    private let ends: [NetworkEnd]
    private var places: [String: [Int]] = [:]
    /// By host and name.
    private var links: [String: [String: Int]] = [:]

    init(_ ends: [NetworkEnd], _ namespaces: [String: NamespaceState]) {
        self.ends = ends
        marks = Array(repeating: [], count: ends.count)
        for (index, end) in ends.enumerated() {
            for name in end.names { places[name, default: []].append(index) }
            if let host = end.host, let link = end.linkName { links[host, default: [:]][link] = index }
        }
        let own = Dictionary(uniqueKeysWithValues: ends.enumerated().map { ($1.name, $0) })
        for (node, state) in namespaces {
            let links = links[node] ?? [:]
            for resource in state.resources { note(resource, on: node, links, of: own[node]) }
        }
    }

    /// - `owner`: the end that the node is.
    private mutating func note(_ resource: Resource, on node: String, _ links: [String: Int], of owner: Int?) {
        let tokens = Tokens("\(resource.identity.kind) \(resource.json.text)")
        var named: Set<Int> = owner.map { [$0] } ?? []
        for word in tokens.words {
            if let ends = places[word] { named.formUnion(ends) }
            if let end = links[word] { named.insert(end) }
        }
        for index in named {
            let text = tokens.replacing { ends[index].standIn(for: $0, on: node) }
            marks[index].append("\(index == owner ? "<name>" : node) \(text)")
        }
    }
}

/// Sets of addresses that all tables treat alike, but for those that name them one by one.
private struct AddressAtoms {
    private let prefixes: [RoutingTable]
    private let sets: [AddressSet]

    init(_ topology: ValidTopology, _ namespaces: [String: NamespaceState], _ network: ForwardingNetwork) {
        var known = Set(topology.pools + topology.hosts.flatMap(\.blocks) + topology.segments.flatMap(\.subnets))
        for state in namespaces.values {
            // A route to one address is found by its name.
            for route in state.routes.unordered where !route.destination.isHost { known.insert(route.destination) }
            for address in state.addresses.unordered where !address.prefix.isHost {
                known.insert(address.prefix.network)
            }
        }
        for overlay in network.nodes.compactMap(\.overlay?.overlay) {
            known.formUnion(overlay.local + overlay.peers.flatMap(\.prefixes))
        }
        prefixes = IPAddress.Family.allCases.map { family in
            RoutingTable(known.filter { $0.family == family }.map { Route($0.network, kind: .local) })
        }
        sets = Array(Set(network.nodes.flatMap(\.translation.addressSets)))
    }

    /// The longest prefix that an address is in tells all others, for prefixes are in each other or apart.
    func mark(of address: IPAddress) -> String {
        let prefix = prefixes[Int(address.family.rawValue)].match(address) { _ in true }?.destination
        let members = sets.indices.filter { sets[$0].contains(address) }
        return "in \(prefix.map(\.description) ?? "nothing") \(members)"
    }
}
