package import Netlink
package import NetworkState

/// The way of one question and of its answer, link by link.
package struct Journey: Hashable, Sendable {
    package enum Leg: Hashable, Sendable {
        case there, back
        /// An error (ICMP) that quotes the question.
        case error
    }

    package struct Sighting: Hashable, Sendable {
        package let node: String
        package let link: String
        package let direction: CapturedFrame.Direction
        package let leg: Leg
        package let time: MonotonicTime
        /// Nil on links without Ethernet.
        package let source: MACAddress?
        package let destination: MACAddress?
        /// What it was in, the outermost first.
        package let layers: [Encapsulation.Layer]
        /// The question or answer itself.
        package let packet: Packet
    }

    package internal(set) var sightings: [Sighting] = []

    /// What was seen of a leg at one node, in order.
    struct Visit {
        let node: String
        fileprivate(set) var sightings: [Sighting]
    }

    /// The nodes that a leg came through, in order.
    ///
    /// What a switch floods is one frame, however many ports it leaves by and however late.
    func visits(_ leg: Leg) -> [Visit] {
        var visits: [Visit] = []
        var seen: Set<Passing> = []
        for sighting in sightings where sighting.leg == leg {
            let isNew = seen.insert(Passing(sighting)).inserted
            if sighting.node != visits.last?.node {
                guard isNew else { continue }
                visits.append(Visit(node: sighting.node, sightings: []))
            }
            visits[visits.count - 1].sightings.append(sighting)
        }
        return visits
    }

    /// The same, each with the links that it was seen on there.
    package func stops(_ leg: Leg) -> [(node: String, links: [String])] {
        visits(leg).map { ($0.node, $0.sightings.map(\.link).uniqued) }
    }

    package func nodes(_ leg: Leg) -> [String] { stops(leg).map(\.node) }

    /// One frame at one node: a packet that comes by again has another number of hops to live, or comes from elsewhere.
    private struct Passing: Hashable {
        let node: String
        let source: MACAddress?
        let destination: MACAddress?
        let timeToLive: UInt8

        init(_ sighting: Sighting) {
            node = sighting.node
            source = sighting.source
            destination = sighting.destination
            timeToLive = sighting.packet.timeToLive
        }
    }

    /// Where the last of all that belongs to it was seen.
    package var last: Sighting? { sightings.last { $0.leg != .error } ?? sightings.last }

    /// The encapsulations that a leg was seen in, in order, plain ones left out.
    package func tunnels(_ leg: Leg) -> [Tunnel] {
        sightings.filter { $0.leg == leg }.flatMap { $0.layers.map(\.tunnel) }.uniqued
    }
}

extension Journey.Sighting {
    /// `B:eth0, incoming`
    package var text: String { "\(node):\(link), \(direction == .incoming ? "incoming" : "outgoing")" }
}
