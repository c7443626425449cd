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
    /// Of each end, which address sets of rules it is in.
    let memberships: [Int32]

    init(_ ends: [NetworkEnd], of topology: ValidTopology, _ marks: EndMarks) {
        let atoms = AddressAtoms(topology, marks)
        var numbers: [[Int]: Int32] = [:]
        var groups: [Key: [Int]] = [:]
        var memberships: [Int32] = []
        for (index, end) in ends.enumerated() {
            let members = end.addresses.flatMap { atoms.members(of: $0) + [-1] }
            let number = numbers[members] ?? Int32(numbers.count)
            numbers[members] = number
            memberships.append(number)
            let spoken = topology.expectations.indices.filter { topology.expectations[$0].from.contains(end.name) }
            let asked = topology.expectations.indices.filter { topology.expectations[$0].to.contains(end.name) }
            // Only containers are alike: a server is its own machine.
            let key = Key(
                home: end.host ?? end.name, isServer: end.host == nil, mark: marks.mark(of: index),
                prefixes: end.addresses.map(atoms.prefix), membership: number, expectations: [spoken, asked])
            groups[key, default: []].append(index)
        }
        classes = groups.values.sorted { $0[0] < $1[0] }
        self.memberships = memberships
    }

    private struct Key: Hashable {
        let home: String
        let isServer: Bool
        let mark: UInt64
        let prefixes: [IPPrefix?]
        let membership: Int32
        let expectations: [[Int]]
    }
}

/// Sets of addresses that all tables treat alike, but for those that name them one by one.
private struct AddressAtoms {
    private let tables: [RoutingTable]
    private let sets: [AddressSet]

    init(_ topology: ValidTopology, _ marks: EndMarks) {
        var known = marks.prefixes
        known.formUnion(topology.pools + topology.hosts.flatMap(\.blocks) + topology.segments.flatMap(\.subnets))
        for overlay in topology.overlays.values {
            known.formUnion(overlay.local + overlay.peers.flatMap(\.prefixes))
        }
        tables = IPAddress.Family.allCases.map { family in
            RoutingTable(known.filter { $0.family == family }.map { Route($0.network, kind: .local) })
        }
        sets = Array(marks.sets)
    }

    /// The longest prefix that an address is in tells all others, for prefixes are in each other or apart.
    func prefix(of address: IPAddress) -> IPPrefix? {
        tables[Int(address.family.rawValue)].match(address) { _ in true }?.destination
    }

    func members(of address: IPAddress) -> [Int] { sets.indices.filter { sets[$0].contains(address) } }
}
