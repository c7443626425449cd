import NetworkState

extension ValidTopology.Segment {
    /// What Ethernet carries.
    static let defaultMTU: UInt32 = 1500

    /// One for each that is written, so that places in the two lists agree; an unreadable subnet is left out.
    static func all(of topology: Topology) -> [ValidTopology.Segment] {
        topology.segments.elements.map { segment in
            ValidTopology.Segment(
                name: segment.name.value ?? "\(segment.pointer)",
                subnets: segment.subnets.value?.map(\.value) ?? [],
                mtu: segment.mtu.value ?? defaultMTU,
                pointer: segment.pointer
            )
        }
    }

    /// Warns of segments that no machine has a link to, in a topology without mistakes.
    static func checkUse(of topology: Topology, _ diagnostics: inout Diagnostics) {
        var unused = Set(topology.segments.elements.compactMap(\.name.value))
        for links in topology.links {
            if unused.isEmpty { return }
            unused.subtract(links.elements.compactMap(\.segment.value))
        }
        for segment in topology.segments.elements {
            if let name = segment.name.value, unused.contains(name) {
                diagnostics.report(.unusedSegment(name, at: segment.pointer))
            }
        }
    }
}
