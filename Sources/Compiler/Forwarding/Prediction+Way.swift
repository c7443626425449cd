extension Prediction {
    /// The way by which the packet and its answer go, against the one by which they would go by `plan`.
    func way(against plan: Prediction) -> PacketStory.Way {
        let departures = [
            Self.departure(.there, there.nodes, from: plan.there.nodes),
            back.flatMap { back in plan.back.flatMap { Self.departure(.back, back.nodes, from: $0.nodes) } },
        ]
        // What is lost may be so before it is put into anything.
        let isCut = back == nil && there.tunnels.isEmpty
        return PacketStory.Way(
            expected: plan.nodes, seen: nodes, departures: departures.compactMap(\.self),
            isEncapsulationRight: isCut || there.tunnels == plan.there.tunnels)
    }

    private var nodes: PacketStory.Way.Nodes {
        let tunnels = there.tunnels.map(\.text)
        return PacketStory.Way.Nodes(
            there: there.nodes, back: back?.nodes,
            encapsulation: tunnels.isEmpty ? "none" : tunnels.joined(separator: " and "))
    }

    private static func departure(
        _ leg: PacketStory.Leg, _ seen: [String], from expected: [String]
    ) -> PacketStory.Way.Departure? {
        let place = seen.indices.first { $0 >= expected.count || seen[$0] != expected[$0] }
        return place.map { place in
            PacketStory.Way.Departure(
                leg, after: place > 0 ? expected[place - 1] : nil,
                expected: place < expected.count ? expected[place] : nil, seen: seen[place])
        }
    }
}
