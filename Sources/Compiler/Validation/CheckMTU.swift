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
    let lacksIPv4 = { (host: UplinkAssignment.Links) in
        host.uplinks.contains { !$0.addresses.isEmpty } && !host.uplinks.contains { $0.has(.v4) }
    }
    return hosts.contains(where: lacksIPv4) ? .v6 : .v4
}

/// Without an encapsulation packets cross the segments of hosts alone, for they go from host to host; an encapsulated
/// packet may cross any. Of equals the first in the file.
private func narrowestLink(
    _ model: NetworkModel, _ segments: [ValidTopology.Segment], _ hosts: [UplinkAssignment.Links]
) -> (mtu: UInt32, pointer: JSONPointer)? {
    var isCrossed = Array(repeating: model.encapsulation != .none, count: segments.count)
    var narrowestUplink: (mtu: UInt32, pointer: JSONPointer)?
    for uplinks in hosts.lazy.map(\.uplinks) {
        for uplink in uplinks {
            isCrossed[uplink.segment] = true
            if uplink.mtu < narrowestUplink?.mtu ?? .max { narrowestUplink = (uplink.mtu, uplink.pointer) }
        }
    }
    let crossed = zip(segments, isCrossed).filter(\.1).map { (mtu: $0.0.mtu, pointer: $0.0.pointer) }
    return (crossed + [narrowestUplink].compactMap(\.self)).min { $0.mtu < $1.mtu }
}

extension ValidTopology.Uplink {
    /// Whether it has an address of `family`.
    func has(_ family: IPAddress.Family) -> Bool { addresses.contains { $0.family == family } }
}
