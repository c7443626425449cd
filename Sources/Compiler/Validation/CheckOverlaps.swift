import NetworkState

/// Reports subnets that lead to two places: of segments, of hosts, and of both.
func checkOverlaps(
    _ topology: Topology, _ roster: Roster, _ blocks: BlockAssignment, _ model: NetworkModel,
    _ diagnostics: inout Diagnostics
) {
    var claims: [SubnetClaim] = []
    for segment in topology.segments.elements {
        let owner = Node(kind: .segment, name: segment.name.value ?? "\(segment.pointer)")
        claims += (segment.subnets.value ?? []).map { SubnetClaim(subnet: $0.value, owner: owner, pointer: $0.pointer) }
    }
    for (index, host) in roster.hosts.enumerated() {
        let owner = Node(kind: .host, name: host.name)
        claims += blocks.hosts[index].subnets.map { SubnetClaim(subnet: $0.value, owner: owner, pointer: $0.pointer) }
    }
    // Where nothing crosses hosts, as in Docker's NAT, each may use what the others use.
    let areHostsApart = model.encapsulation == .isolated
    let mayOverlap = { (first: SubnetClaim, second: SubnetClaim) in
        areHostsApart && first.owner != second.owner && first.owner.kind == .host && second.owner.kind == .host
    }
    SubnetClaim.check(claims, mayOverlap: mayOverlap, &diagnostics)
    checkPools(blocks.pools, &diagnostics)
}

private func checkPools(_ pools: [Located<Topology.Pool>], _ diagnostics: inout Diagnostics) {
    let network = Node(kind: .network, name: "")
    let claims = pools.map { SubnetClaim(subnet: $0.value.subnet, owner: network, pointer: $0.pointer) }
    SubnetClaim.check(claims, mayOverlap: { _, _ in false }, &diagnostics)
}
