import NetworkState

/// The container subnets of every host: written ones, and blocks of the pools for the rest, in the hosts' order.
struct BlockAssignment {
    struct Blocks {
        var subnets: [Located<IPPrefix>] = []
        /// Where they are written, or the host where they were assigned.
        var pointer: JSONPointer
        /// Whether there is an unreadable one or one that could not be had, which has been reported.
        var areUnknown = false
    }

    private(set) var hosts: [Blocks] = []
    private(set) var pools: [Located<Topology.Pool>] = []

    init(
        _ network: Topology.Network, _ roster: Roster, _ segments: [ValidTopology.Segment],
        _ diagnostics: inout Diagnostics
    ) {
        pools = network.pools.value ?? []
        let isPoolWritten = !network.pools.isAbsent
        var waiting: [Int] = []
        for (index, host) in roster.hosts.enumerated() {
            let blocks = Self.written(host, network, &diagnostics)
            hosts.append(blocks ?? Blocks(pointer: host.written.pointer))
            guard blocks == nil else { continue }
            // A host that says nothing of containers, not even that it has none yet, needs no block.
            guard !host.written.containers.isAbsent else { continue }
            if isPoolWritten {
                waiting.append(index)
            } else if !host.containers.isEmpty {
                hosts[index].areUnknown = true
                diagnostics.report(.missingSubnet(of: host.node, at: host.written.pointer))
            }
        }
        if waiting.isEmpty { return }
        let explicit = hosts.flatMap(\.subnets).map(\.value) + segments.flatMap(\.subnets)
        assign(to: waiting, besides: explicit, network, &diagnostics)
    }

    var hasIPv6: Bool { hosts.contains { $0.subnets.contains { $0.value.family == .v6 } } }

    /// Nil where none are written.
    private static func written(
        _ host: Roster.Host, _ network: Topology.Network, _ diagnostics: inout Diagnostics
    ) -> Blocks? {
        switch host.written.subnets {
        case .absent: return nil
        case .unreadable(let pointer): return Blocks(pointer: pointer, areUnknown: true)
        case .written(let subnets, let pointer):
            guard !host.isOneOfMany else {
                diagnostics.report(.uniqueInRange("subnet", of: host.node, at: pointer))
                return Blocks(pointer: pointer, areUnknown: true)
            }
            checkPools(of: subnets, network, &diagnostics)
            return Blocks(subnets: subnets, pointer: pointer)
        }
    }

    private static func checkPools(
        of subnets: [Located<IPPrefix>], _ network: Topology.Network, _ diagnostics: inout Diagnostics
    ) {
        guard case .written(let pools, let place) = network.pools else { return }
        let prefixes = pools.map(\.value.subnet)
        for subnet in subnets where !prefixes.contains(where: { $0.contains(subnet.value) }) {
            diagnostics.report(.outsidePools(subnet.value, prefixes, at: subnet.pointer, place))
        }
    }

    /// A block of each family that there are pools of, for each of `waiting`.
    private mutating func assign(
        to waiting: [Int], besides taken: [IPPrefix], _ network: Topology.Network, _ diagnostics: inout Diagnostics
    ) {
        for index in waiting { hosts[index].areUnknown = pools.isEmpty }
        let families = IPAddress.Family.allCases.filter { family in
            pools.contains { $0.value.subnet.family == family }
        }
        for family in families {
            let given = assign(family, to: waiting, besides: taken)
            guard given < waiting.count, case .written(_, let place) = network.pools else { continue }
            diagnostics.report(
                .poolsExhausted(
                    families.count > 1 ? family : nil, room: given, needed: waiting.count, at: place))
        }
    }

    /// How many of `waiting` got one.
    private mutating func assign(_ family: IPAddress.Family, to waiting: [Int], besides taken: [IPPrefix]) -> Int {
        let pools = pools.map(\.value).filter { $0.subnet.family == family }
        var cursors = pools.map { BlockCursor($0, besides: taken) }
        var (pool, given) = (0, 0)
        for index in waiting {
            var block: IPPrefix?
            while pool < cursors.count, block == nil {
                block = cursors[pool].take()
                if block == nil { pool += 1 }
            }
            if let block {
                given += 1
                hosts[index].subnets.append(Located(value: block, pointer: hosts[index].pointer))
            } else {
                hosts[index].areUnknown = true
            }
        }
        return given
    }
}

/// Walks through a pool, block by block, around what is taken.
private struct BlockCursor {
    private let pool: IPPrefix
    private let length: Int
    /// In the order of their addresses.
    private let taken: [IPPrefix]
    private var nextTaken = 0
    /// Nil past the pool's end.
    private var next: IPAddress?

    init(_ pool: Topology.Pool, besides taken: [IPPrefix]) {
        self.pool = pool.subnet
        length = pool.blockLength ?? Self.defaultLength(in: pool.subnet)
        self.taken = taken.filter { $0.overlaps(pool.subnet) }.sorted()
        next = pool.subnet.address
    }

    /// The length of blocks in a pool that does not say: 172.17.0.0/16 has /24s, and an IPv6 pool /64s, the length of any
    /// subnet (RFC 4291 §2.5.1), or where it has no room for one, /122s, which are Calico's.
    private static func defaultLength(in pool: IPPrefix) -> Int {
        let usual = pool.family == .v4 ? 24 : pool.length <= 64 ? 64 : 122
        return max(usual, pool.length)
    }

    mutating func take() -> IPPrefix? {
        while let address = next, pool.contains(address), let block = IPPrefix(address, length: length) {
            while nextTaken < taken.count, taken[nextTaken].last < address { nextTaken += 1 }
            guard nextTaken < taken.count, taken[nextTaken].overlaps(block) else {
                next = block.last.advanced(by: 1)
                return block
            }
            // Both are aligned: behind whichever is the larger.
            next = max(block.last, taken[nextTaken].last).advanced(by: 1)
        }
        next = nil
        return nil
    }
}
