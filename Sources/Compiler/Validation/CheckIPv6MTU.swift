import NetworkState

/// Reports what is too narrow for IPv6, which the kernel turns off on a link with a smaller MTU (`addrconf_notify` in
/// net/ipv6/addrconf.c).
struct IPv6MTUCheck {
    /// RFC 8200 §5.
    static let minimum: UInt32 = 1280

    private let topology: Topology

    init(_ topology: Topology) {
        self.topology = topology
    }

    /// Segments with an IPv6 subnet, and links with an MTU of their own to such a segment.
    func checkUnderlay(_ segments: [ValidTopology.Segment], _ diagnostics: inout Diagnostics) {
        for (segment, written) in zip(segments, topology.segments.elements) where segment.hasIPv6 {
            check(written.mtu, of: "segment \(quoted(segment.name))", &diagnostics)
        }
        let wide = Set(segments.filter { $0.hasIPv6 && $0.mtu >= Self.minimum }.map(\.name))
        if wide.isEmpty { return }
        for links in topology.links {
            for link in links.elements where link.segment.value.map(wide.contains) ?? false {
                check(link.mtu, of: "this link", &diagnostics)
            }
        }
    }

    private func check(_ mtu: Member<UInt32>, of what: String, _ diagnostics: inout Diagnostics) {
        guard case .written(let mtu, let place) = mtu, mtu < Self.minimum else { return }
        diagnostics.report(.tooNarrowForIPv6(mtu, what, at: place))
    }
}

extension ValidTopology.Segment {
    fileprivate var hasIPv6: Bool { subnets.contains { $0.family == .v6 } }
}
