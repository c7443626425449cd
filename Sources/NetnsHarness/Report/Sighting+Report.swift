import Netlink
import NetworkState

extension Journey.Sighting {
    /// `+12 µs there B:eth0 incoming 172.17.8.2 > 172.17.9.2 icmp ttl 62 02:…:2a > 02:…:01 in vxlan`
    func line(since start: Journey.Sighting) -> String {
        let frame = [source, destination].compactMap { $0?.description }.joined(separator: " > ")
        let parts = [
            "+\(microseconds(since: start)) µs \(leg) \(node):\(link) \(direction)",
            "\(packet.source) > \(packet.destination) \(packet.transport.word) ttl \(packet.timeToLive)", frame,
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: " ") + layers.map { " in \($0.tunnel.word)" }.joined()
    }

    fileprivate func microseconds(since start: Journey.Sighting) -> Int64 {
        (time.nanoseconds - start.time.nanoseconds) / 1_000
    }

    fileprivate func json(since start: Journey.Sighting) -> JSON {
        .members([
            "microseconds": .integer(microseconds(since: start)),
            "leg": .string("\(leg)"),
            "node": .string(node),
            "link": .string(link),
            "direction": .string("\(direction)"),
            "sourceMAC": source.map { .string($0.description) },
            "destinationMAC": destination.map { .string($0.description) },
            "source": .string(packet.source.description),
            "destination": .string(packet.destination.description),
            "transport": .string(packet.transport.word),
            "ttl": .integer(Int64(packet.timeToLive)),
            "encapsulation": layers.isEmpty ? nil : .array(layers.map { .string($0.tunnel.text) }),
        ])
    }
}

extension [Journey.Sighting] {
    /// A line each, with the time since the first.
    var lines: [String] { first.map { start in map { $0.line(since: start) } } ?? [] }

    /// Nil where there is none: then nothing is said.
    var json: JSON? { first.map { start in .array(map { $0.json(since: start) }) } }
}

extension Packet.Transport {
    /// `icmp`, `icmp 3/1`, `tcp SYN ACK`
    var word: String {
        switch self {
        case .icmp(let type, _, _, _) where [0, 8, 128, 129].contains(type): "icmp"
        case .icmp(let type, let code, _, _): "icmp \(type)/\(code)"
        case .udp: "udp"
        case .tcp(_, _, _, _, let flags):
            (["tcp"] + Self.flagNames.filter { flags & $0.0 != 0 }.map(\.1)).joined(separator: " ")
        case .other(let number, _): "protocol \(number)"
        }
    }

    /// RFC 9293 §3.1.
    private static let flagNames: [(UInt8, String)] = [
        (0x02, "SYN"), (0x10, "ACK"), (0x01, "FIN"), (0x04, "RST"), (0x08, "PSH"),
    ]
}
