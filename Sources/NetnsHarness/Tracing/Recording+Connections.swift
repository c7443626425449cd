import Netlink
import NetworkState

extension Recording {
    /// The journey of the first segment by which `node` opens a TCP connection to `address`, and of the answer to that.
    ///
    /// Ports and addresses may be translated on the way; the sequence number is not (RFC 9293 §3.5).
    func connectionJourney(from node: String, to address: IPAddress) -> Journey {
        var journey = Journey()
        var opening: UInt32?
        for entry in entries where !entry.frame.isForOthers {
            let sighting = entry.sighting { packet in
                guard let segment = Segment(packet) else { return nil }
                if opening == nil, entry.node == node, packet.destination == address, segment.isOpening {
                    opening = segment.sequence
                }
                return opening.flatMap(segment.leg)
            }
            if let sighting { journey.sightings.append(sighting) }
        }
        return journey
    }
}

/// The part of a TCP segment that tells a connection's first two.
private struct Segment {
    let sequence: UInt32
    let acknowledgement: UInt32
    let flags: UInt8

    private static let (synchronise, reset, acknowledge): (UInt8, UInt8, UInt8) = (0x02, 0x04, 0x10)

    init?(_ packet: Packet) {
        guard case .tcp(_, _, let sequence, let acknowledgement, let flags) = packet.transport else { return nil }
        self.sequence = sequence
        self.acknowledgement = acknowledgement
        self.flags = flags
    }

    var isOpening: Bool { flags & (Self.synchronise | Self.acknowledge) == Self.synchronise }

    /// What it is to the connection that was opened with `opening`; nil if nothing, or not the first of its side.
    func leg(_ opening: UInt32) -> Journey.Leg? {
        if isOpening { return sequence == opening ? .there : nil }
        return flags & (Self.synchronise | Self.reset) != 0 && acknowledgement == opening &+ 1 ? .back : nil
    }
}
