import Netlink
import NetworkState

extension Recording {
    /// The journeys of a run's probes, by their indices.
    ///
    /// Those by ICMP and UDP are known by what they carry; those by TCP by their addresses and ports as well. Where a
    /// translator has changed those, what they carry tells what they have become.
    ///
    /// - `nonce`: the run's.
    /// - `flows`: the probes of its connections.
    func journeys(ofRun nonce: UInt64, _ flows: [TCPFlow: Int] = [:]) -> [Int: Journey] {
        // What a switch floods, and no one takes, goes nowhere.
        let readable = entries.lazy.filter { !$0.frame.isForOthers }
        var flows = flows
        if !flows.isEmpty {
            for entry in readable {
                guard let message = entry.message(ofRun: nonce), let packet = entry.content?.packet,
                    let flow = message.answer == nil ? packet.flow : packet.flowBack
                else { continue }
                flows[flow] = Int(message.probe)
            }
        }
        var journeys: [Int: Journey] = [:]
        for entry in readable {
            guard let (probe, sighting) = entry.sighting(ofRun: nonce, flows) else { continue }
            journeys[probe, default: Journey()].sightings.append(sighting)
        }
        return journeys
    }
}

extension Recording.Entry {
    /// Whatever a question is put into, it stands at the end.
    fileprivate func message(ofRun nonce: UInt64) -> ProbeMessage? {
        ProbeMessage(frame.bytes.suffix(ProbeMessage.length), nonce: nonce)
    }

    /// - `legOf`: nil for a packet that does not belong to the journey.
    func sighting(_ legOf: (Packet) -> Journey.Leg?) -> Journey.Sighting? {
        guard let (ethernet, content) = decoded, let packet = content.packet, let leg = legOf(packet) else {
            return nil
        }
        return sighting(packet, in: content, ethernet, leg)
    }

    fileprivate var content: Encapsulation? { decoded?.content }

    /// Nil for what cannot be read.
    private var decoded: (ethernet: Frame?, content: Encapsulation)? {
        guard frame.isEthernet else { return Packet(decoding: frame.bytes).map { (nil, $0.encapsulation()) } }
        return Frame(decoding: frame.bytes).map { ($0, $0.encapsulation()) }
    }

    /// - `flows`: the probes of connections; where there are none, only what carries a message is read.
    fileprivate func sighting(
        ofRun nonce: UInt64, _ flows: [TCPFlow: Int]
    ) -> (probe: Int, sighting: Journey.Sighting)? {
        let message = message(ofRun: nonce)
        if message == nil, flows.isEmpty { return nil }
        guard let (ethernet, content) = decoded, let packet = content.packet else { return nil }
        if let message {
            let leg = packet.leg(isAnswer: message.answer != nil)
            return (Int(message.probe), sighting(packet, in: content, ethernet, leg))
        }
        if let probe = packet.flow.flatMap({ flows[$0] }) {
            return (probe, sighting(packet, in: content, ethernet, .there))
        }
        if let probe = packet.flowBack.flatMap({ flows[$0] }) {
            return (probe, sighting(packet, in: content, ethernet, .back))
        }
        return nil
    }

    private func sighting(
        _ packet: Packet, in content: Encapsulation, _ ethernet: Frame?, _ leg: Journey.Leg
    ) -> Journey.Sighting {
        Journey.Sighting(
            node: node, link: link, direction: frame.direction, leg: leg, time: frame.time, source: ethernet?.source,
            destination: ethernet?.destination, layers: content.layers, packet: packet)
    }
}

extension Packet {
    /// - `isAnswer`: by what it carries. The kernel answers echo requests with what they carried.
    fileprivate func leg(isAnswer: Bool) -> Journey.Leg {
        guard case .icmp(let type, _, _, _) = transport else { return isAnswer ? .back : .there }
        return switch (source.family, type) {
        case (.v4, 8), (.v6, 128): .there
        case (.v4, 0), (.v6, 129): .back
        default: .error
        }
    }
}
