import Netlink
import NetworkState

extension Recording {
    /// The journeys of a run's probes, by their indices, of which those by ICMP and UDP are known by what they carry.
    ///
    /// - `nonce`: the run's.
    func journeys(ofRun nonce: UInt64) -> [Int: Journey] {
        var journeys: [Int: Journey] = [:]
        // What a switch floods, and no one takes, goes nowhere.
        for entry in entries where !entry.frame.isForOthers {
            // Whatever a question is put into, it stands at the end.
            guard let message = ProbeMessage(entry.frame.bytes.suffix(ProbeMessage.length), nonce: nonce),
                let sighting = Journey.Sighting(entry, isAnswer: message.answer != nil)
            else { continue }
            journeys[Int(message.probe), default: Journey()].sightings.append(sighting)
        }
        return journeys
    }
}

extension Journey.Sighting {
    /// Nil for what cannot be read.
    fileprivate init?(_ entry: Recording.Entry, isAnswer: Bool) {
        let frame = entry.frame.isEthernet ? Frame(decoding: entry.frame.bytes) : nil
        guard
            let content = frame?.encapsulation()
                ?? (entry.frame.isEthernet ? nil : Packet(decoding: entry.frame.bytes)?.encapsulation()),
            let packet = content.packet
        else { return nil }
        node = entry.node
        link = entry.link
        direction = entry.frame.direction
        time = entry.frame.time
        source = frame?.source
        destination = frame?.destination
        layers = content.layers
        self.packet = packet
        leg = packet.leg(isAnswer: isAnswer)
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
