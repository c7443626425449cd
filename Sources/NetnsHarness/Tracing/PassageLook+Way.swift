import Compiler
import NetworkState

extension PassageLook {
    /// What was seen of the passage, against what it should be, for a story.
    var way: PacketStory.Way {
        let departures = [(Journey.Leg.there, passage.there), (.back, passage.back)].compactMap { leg, expected in
            expected.flatMap { departure(leg, from: $0) }
        }
        return PacketStory.Way(
            expected: PacketStory.Way.Nodes(
                there: passage.there?.map(\.text), back: passage.back?.map(\.text),
                encapsulation: passage.encapsulation?.tunnelWord),
            seen: PacketStory.Way.Nodes(
                there: journey.nodes(.there), back: journey.nodes(.back), encapsulation: observedTunnels),
            departures: departures, isEncapsulationRight: isEncapsulationRight)
    }

    private func departure(_ leg: Journey.Leg, from expected: [PathElement]) -> PacketStory.Way.Departure? {
        for (place, stop) in journey.stops(leg).enumerated() {
            let element = place < expected.count ? expected[place] : nil
            let isRightLink = element?.link.map { stop.links.contains($0.text) } ?? true
            if stop.node == element?.node, isRightLink { continue }
            let links = stop.node == element?.node ? ":" + stop.links.joined(separator: ",") : ""
            return PacketStory.Way.Departure(
                leg == .back ? .back : .there, after: place > 0 ? expected[place - 1].node : nil,
                expected: element?.text, seen: stop.node + links)
        }
        return nil
    }
}
