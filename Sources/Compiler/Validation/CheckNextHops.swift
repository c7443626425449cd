import NetworkState

/// Reports hosts with containers' subnets that cannot send to each other directly, in models whose packets have to.
///
/// A route's next hop must be on a segment of one's own, routers in between know no route to containers; and it must have
/// an address there of the family that it is to forward.
func checkNextHops(
    _ roster: Roster, _ uplinks: [UplinkAssignment.Links], _ blocks: [BlockAssignment.Blocks],
    _ written: WrittenAddresses, _ diagnostics: inout Diagnostics
) {
    let indices = roster.hosts.indices.filter { !blocks[$0].subnets.isEmpty && uplinks[$0].areSettled }
    let groups = HostGroups(indices.map { ($0, uplinks[$0].uplinks.map(\.segment)) })
    if let apart = groups.firstApart {
        diagnostics.report(.noSharedSegment(PairApart(apart, others: groups.pairsApart - 1, roster)))
        return
    }
    for family in IPAddress.Family.allCases {
        let indices = indices.filter { index in
            blocks[index].subnets.contains { $0.value.family == family }
                || written.borrowed[index].contains { $0.address.family == family }
        }
        let groups = HostGroups(indices.map { ($0, uplinks[$0].segments(of: family)) })
        guard let apart = groups.firstApart else { continue }
        diagnostics.report(.noSharedFamily(family, PairApart(apart, others: groups.pairsApart - 1, roster)))
    }
}

/// Two hosts of which neither can be the other's next hop, and how many pairs more that goes for.
struct PairApart {
    let host: Node
    let other: Node
    let others: Int
    let pointer: JSONPointer
    let otherPointer: JSONPointer

    fileprivate init(_ apart: (Int, Int), others: Int, _ roster: Roster) {
        let (host, other) = (roster.hosts[apart.1], roster.hosts[apart.0])
        self.host = Node(kind: .host, name: host.name)
        self.other = Node(kind: .host, name: other.name)
        self.others = others
        pointer = host.written.linksPointer ?? host.written.pointer
        otherPointer = other.written.linksPointer ?? other.written.pointer
    }
}

extension UplinkAssignment.Links {
    /// The segments on which there is an address of `family`.
    fileprivate func segments(of family: IPAddress.Family) -> [Int] {
        uplinks.compactMap { $0.has(family) ? $0.segment : nil }
    }
}

/// Hosts by the segments they are linked to: those of one group stand alike, so that groups are compared, not hosts.
private struct HostGroups {
    private struct Group {
        let segments: Set<Int>
        var hosts: [Int]

        var count: Int { hosts.count }
    }

    private var groups: [Group] = []

    init(_ hosts: [(index: Int, segments: [Int])]) {
        var places: [Set<Int>: Int] = [:]
        // Most hosts are linked as the one before: then no set is needed.
        var last: (segments: [Int], place: Int)?
        for host in hosts {
            if let last, last.segments == host.segments {
                groups[last.place].hosts.append(host.index)
                continue
            }
            let segments = Set(host.segments)
            let place = places[segments] ?? groups.count
            if place == groups.count { groups.append(Group(segments: segments, hosts: [])) }
            groups[place].hosts.append(host.index)
            places[segments] = place
            last = (host.segments, place)
        }
    }

    /// Whether one segment has everyone on it, as most topologies do.
    private var haveCommonSegment: Bool {
        guard let first = groups.first else { return true }
        return !groups.dropFirst().reduce(first.segments) { $0.intersection($1.segments) }.isEmpty
    }

    /// The first two hosts without a common segment.
    var firstApart: (Int, Int)? {
        if haveCommonSegment { return nil }
        for (index, group) in groups.enumerated() {
            if let other = groups[..<index].first(where: { $0.segments.isDisjoint(with: group.segments) }) {
                return (other.hosts[0], group.hosts[0])
            }
            // Hosts without any link do not even reach those of their own group.
            if group.segments.isEmpty, group.count > 1 { return (group.hosts[0], group.hosts[1]) }
        }
        return nil
    }

    /// How many pairs of hosts that goes for.
    var pairsApart: Int {
        groups.indices.reduce(0) { sum, index in
            let group = groups[index]
            let own = group.segments.isEmpty ? group.count * (group.count - 1) / 2 : 0
            return groups[..<index].reduce(sum + own) { sum, other in
                other.segments.isDisjoint(with: group.segments) ? sum + group.count * other.count : sum
            }
        }
    }
}
