import NetworkState

/// The containers' MTU: what is written, or the most that fits every segment their packets may cross.
///
/// - `hasIPv6`: whether any container has an IPv6 address.
func containerMTU(
    _ network: Topology.Network, _ model: NetworkModel, _ segments: [ValidTopology.Segment],
    _ hosts: [UplinkAssignment.Links], hasIPv6: Bool, _ diagnostics: inout Diagnostics
) -> UInt32 {
    let narrowest = narrowestLink(model, segments, hosts)
    let overhead = model.overhead(over: outerFamily(hosts))
    let limit = (narrowest?.mtu ?? ValidTopology.Segment.defaultMTU) - overhead
    let mtu = network.mtu.value ?? limit
    if hasIPv6, mtu < IPv6MTUCheck.minimum {
        let place = network.mtu.pointer ?? narrowest?.pointer ?? network.pointer
        diagnostics.report(.tooNarrowForIPv6(mtu, "the containers' links", at: place))
    }
    guard case .written(_, let place) = network.mtu else { return limit }
    if mtu > limit, let narrowest {
        let less = overhead == 0 ? "" : ", less \(overhead) for the encapsulation"
        let note = Diagnostic.Note("this carries \(narrowest.mtu)\(less)", at: narrowest.pointer)
        diagnostics.report(.mtuTooLarge(mtu, limit: limit, at: place, note: note))
    }
    return mtu
}

/// Of the addresses that hosts have for tunnels' packets: IPv4 unless one has none.
private func outerFamily(_ hosts: [UplinkAssignment.Links]) -> IPAddress.Family {
    let families = hosts.map { Set($0.uplinks.flatMap(\.addresses).map(\.family)) }
    return families.contains { !$0.isEmpty && !$0.contains(.v4) } ? .v6 : .v4
}

/// Without an encapsulation packets cross the segments of hosts alone, for they go from host to host; an encapsulated
/// packet may cross any. Of equals the first in the file.
private func narrowestLink(
    _ model: NetworkModel, _ segments: [ValidTopology.Segment], _ hosts: [UplinkAssignment.Links]
) -> (mtu: UInt32, pointer: JSONPointer)? {
    let uplinks = hosts.flatMap(\.uplinks)
    let crossed = model.encapsulation == .none ? Set(uplinks.map(\.segment)) : Set(segments.indices)
    let candidates =
        segments.indices.filter(crossed.contains).map { (mtu: segments[$0].mtu, pointer: segments[$0].pointer) }
        + uplinks.map { (mtu: $0.mtu, pointer: $0.pointer) }
    return candidates.min { $0.mtu < $1.mtu }
}
