import NetworkState

/// The links of routers, servers and hosts to segments, with a name and addresses each.
///
/// Written addresses are reserved wherever they stand in the file; then each link without any gets the lowest that is
/// free in its segment, one of each family there, routers' before servers' and those before hosts', so that more hosts move nobody else.
struct UplinkAssignment {
    /// One node's links.
    struct Links {
        var uplinks: [ValidTopology.Uplink] = []
        /// Whether nothing about them is unknown, so that what they do not reach is a mistake.
        var areSettled = true
    }

    private(set) var routers: [Links] = []
    private(set) var servers: [Links] = []
    private(set) var hosts: [Links] = []

    private struct Draft {
        let name: LinkName
        let segment: Int
        /// Nil until one is assigned.
        var addresses: [IPPrefix]?
        let mtu: UInt32
        let pointer: JSONPointer
    }

    private struct NodeDraft {
        var links: [Draft] = []
        var areSettled: Bool
    }

    private let segments: [ValidTopology.Segment]
    private let names: NameTable
    private let segmentsAreComplete: Bool
    private var taken: [[IPAddress: JSONPointer]]

    init(
        _ topology: Topology, _ roster: Roster, _ segments: [ValidTopology.Segment], _ names: NameTable,
        _ diagnostics: inout Diagnostics
    ) {
        self.segments = segments
        self.names = names
        segmentsAreComplete =
            topology.segments.isComplete && !topology.segments.elements.contains { $0.name.isUnreadable }
        taken = Array(repeating: [:], count: segments.count)
        var routerDrafts = drafts(.router, topology.routers, &diagnostics)
        var serverDrafts = drafts(.server, topology.servers, &diagnostics)
        var hostDrafts = roster.hosts.map { host in
            draft(host.written.links, of: host.node, isOneOfMany: host.isOneOfMany, &diagnostics)
        }
        assign(&routerDrafts, &serverDrafts, &hostDrafts, &diagnostics)
        routers = routerDrafts.map(Self.finish)
        servers = serverDrafts.map(Self.finish)
        hosts = hostDrafts.map(Self.finish)
    }

    private static func finish(_ node: NodeDraft) -> Links {
        Links(
            uplinks: node.links.map { draft in
                ValidTopology.Uplink(
                    name: draft.name, segment: draft.segment, addresses: draft.addresses ?? [], mtu: draft.mtu,
                    pointer: draft.pointer
                )
            },
            areSettled: node.areSettled && node.links.allSatisfy { $0.addresses?.isEmpty == false }
        )
    }
}

// What is written.
extension UplinkAssignment {
    private mutating func drafts(
        _ kind: Node.Kind, _ machines: Listing<Topology.Machine>, _ diagnostics: inout Diagnostics
    ) -> [NodeDraft] {
        machines.elements.map { machine in
            draft(machine.links, of: Node(kind: kind, name: machine.label), isOneOfMany: false, &diagnostics)
        }
    }

    private mutating func draft(
        _ links: Listing<Topology.Link>, of node: Node, isOneOfMany: Bool, _ diagnostics: inout Diagnostics
    ) -> NodeDraft {
        var draft = NodeDraft(areSettled: links.isComplete)
        var places: [LinkName: JSONPointer] = [:]
        for (index, link) in links.elements.enumerated() {
            let name = link.name.value ?? Self.name(index)
            let place = link.name.pointer ?? link.pointer
            // Of one link there is nothing to look up.
            if links.elements.count > 1, let other = places.updateValue(place, forKey: name) {
                diagnostics.report(.linkClash(name, on: node, at: place, with: other))
            } else if name == .loopback {
                diagnostics.report(.linkClash(name, on: node, at: place, with: nil))
            }
            guard let segment = segment(of: link, &diagnostics) else {
                draft.areSettled = false
                continue
            }
            let addresses = addresses(of: link, on: segment, node, isOneOfMany: isOneOfMany, &diagnostics)
            let mtu = mtu(of: link, on: segment, &diagnostics)
            draft.links.append(
                Draft(name: name, segment: segment, addresses: addresses, mtu: mtu, pointer: link.pointer)
            )
        }
        return draft
    }

    private static let firstNames = (0..<8).map { LinkName(known: "eth\($0)") }

    private static func name(_ index: Int) -> LinkName {
        firstNames.indices.contains(index) ? firstNames[index] : LinkName(known: "eth\(index)")
    }

    private func segment(of link: Topology.Link, _ diagnostics: inout Diagnostics) -> Int? {
        guard case .written(let name, let pointer) = link.segment else { return nil }
        let entry = names[name]
        if let entry, entry.node.kind == .segment { return entry.index }
        if segmentsAreComplete {
            diagnostics.report(
                .unknownSegment(name, at: pointer, other: entry?.node, known: segments.map(\.name)))
        }
        return nil
    }

    /// Nil where one is to be assigned; none where the written ones are unusable.
    private mutating func addresses(
        of link: Topology.Link, on segment: Int, _ node: Node, isOneOfMany: Bool, _ diagnostics: inout Diagnostics
    ) -> [IPPrefix]? {
        switch link.addresses {
        case .absent: return nil
        case .unreadable: return []
        case .written(let written, let pointer):
            guard !isOneOfMany else {
                diagnostics.report(.uniqueInRange("address", of: node, at: pointer))
                return []
            }
            return written.compactMap { reserve($0, on: segment, &diagnostics) }
        }
    }

    private mutating func reserve(
        _ written: Located<Topology.LinkAddress>, on segment: Int, _ diagnostics: inout Diagnostics
    ) -> IPPrefix? {
        let (address, place, home) = (written.value.address, written.pointer, segments[segment])
        // A segment whose subnets could not be read has been reported.
        guard !home.subnets.isEmpty else { return nil }
        guard let subnet = home.subnets.first(where: { $0.contains(address) }) else {
            let owner = Node(kind: .segment, name: home.name)
            diagnostics.report(.addressOutside(address, home.subnets, of: owner, at: place, home.pointer))
            return nil
        }
        if let length = written.value.length, length != subnet.length {
            diagnostics.report(.wrongLength(length, address, of: subnet, at: place))
        }
        if subnet.isReserved(address) { diagnostics.report(.notAHosts(address, of: subnet, at: place)) }
        if let other = taken[segment].updateValue(place, forKey: address) {
            diagnostics.report(.duplicateAddress(address, at: place, with: other))
        }
        return IPPrefix(address, length: subnet.length)
    }

    private func mtu(of link: Topology.Link, on segment: Int, _ diagnostics: inout Diagnostics) -> UInt32 {
        let limit = segments[segment].mtu
        guard case .written(let mtu, let pointer) = link.mtu else { return limit }
        if mtu > limit {
            let note = Diagnostic.Note(
                "segment \(quoted(segments[segment].name)) carries \(limit)", at: segments[segment].pointer)
            diagnostics.report(.mtuTooLarge(mtu, limit: limit, at: pointer, note: note))
        }
        return mtu
    }
}

// What is assigned.
extension UplinkAssignment {
    /// What the segments have to give, and how much of it was asked for.
    private struct Supply {
        var free: [FreeAddresses]
        /// By segment: links that have no address written.
        var links: [Int]
    }

    private func assign(
        _ routers: inout [NodeDraft], _ servers: inout [NodeDraft], _ hosts: inout [NodeDraft],
        _ diagnostics: inout Diagnostics
    ) {
        let free = segments.indices.map {
            FreeAddresses(linksOf: segments[$0].subnets, reserved: Set(taken[$0].keys))
        }
        var supply = Supply(free: free, links: Array(repeating: 0, count: segments.count))
        for index in routers.indices { Self.assign(&routers[index], from: &supply) }
        for index in servers.indices { Self.assign(&servers[index], from: &supply) }
        for index in hosts.indices { Self.assign(&hosts[index], from: &supply) }
        for index in segments.indices { check(supply, of: index, &diagnostics) }
    }

    private static func assign(_ node: inout NodeDraft, from supply: inout Supply) {
        for index in node.links.indices where node.links[index].addresses == nil {
            let segment = node.links[index].segment
            supply.links[segment] += 1
            let families = supply.free[segment].families
            let addresses = families.compactMap { supply.free[segment].take($0) }
            node.links[index].addresses = addresses.count == families.count ? addresses : []
        }
    }

    private func check(_ supply: Supply, of index: Int, _ diagnostics: inout Diagnostics) {
        let (segment, free, needed) = (segments[index], supply.free[index], supply.links[index])
        for family in free.families where UInt128(needed) > free.capacity(family) {
            diagnostics.report(
                .subnetExhausted(
                    segment.subnets.filter { $0.family == family }, of: Node(kind: .segment, name: segment.name),
                    room: free.capacity(family), needed: needed, "more links", at: segment.pointer, segment.pointer)
            )
        }
    }
}

extension IPPrefix {
    /// Whether `address` means the network itself or everybody in it, so that no link may have it. In IPv6 the network's
    /// own is that of all its routers (RFC 4291 §2.6.1), and there is no broadcast address.
    func isReserved(_ address: IPAddress) -> Bool {
        guard length < family.width - 1 else { return false }
        return address == network.address || (family == .v4 && address == last)
    }
}

extension Topology.Machine {
    var label: String { name.value ?? "\(pointer)" }
}
