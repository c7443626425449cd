package import Netlink
import NetworkState

extension Recording.Entry {
    /// One line, much like tcpdump's: `0.000012 A:veth1 in 02:…:2a > ee:…:ee 172.17.8.2 > 172.17.9.2 ttl 64 icmp echo request`
    ///
    /// - `start`: when the capture's first frame passed.
    package func line(since start: MonotonicTime) -> String {
        let microseconds = max(0, (frame.time.nanoseconds - start.nanoseconds) / 1000)
        let fraction = String(microseconds % 1_000_000 + 1_000_000).dropFirst()
        let direction = frame.direction == .incoming ? "in" : "out"
        return "\(microseconds / 1_000_000).\(fraction) \(node):\(link) \(direction) \(frame.text)"
    }
}

extension TappedFrame {
    fileprivate var text: String {
        if !isEthernet { return Packet(decoding: bytes)?.encapsulation().text ?? unread }
        guard let frame = Frame(decoding: bytes) else { return unread }
        return "\(frame.source) > \(frame.destination) \(frame.encapsulation().text)"
    }

    /// Cut short by the capture, or malformed.
    private var unread: String { "\(length) bytes" }
}

extension Encapsulation {
    fileprivate var text: String {
        let outer = layers.map { "\($0.outer.ends) \($0.tunnel.text): " }.joined()
        switch content {
        case .arp(let message): return outer + message.text
        case .ip(let packet): return outer + "\(packet.ends) \(packet.transport.text(packet.source.family))"
        case .other(let type): return outer + "ethertype 0x\(String(type, radix: 16))"
        }
    }
}

extension ARPMessage {
    fileprivate var text: String {
        switch operation {
        case .request: "arp who has \(target)? tell \(sender)"
        case .reply: "arp \(sender) is at \(senderLinkLayerAddress)"
        }
    }
}

extension Packet {
    fileprivate var ends: String { "\(source) > \(destination) ttl \(timeToLive)" }
}

extension Packet.Transport {
    fileprivate func text(_ family: IPAddress.Family) -> String {
        switch self {
        case .icmp(let type, let code, let identifier, let sequence):
            guard let word = Self.word(type, family) else { return "icmp type \(type) code \(code)" }
            return word.hasPrefix("echo") ? "icmp \(word) id \(identifier) seq \(sequence)" : "icmp \(word)"
        case .udp(let source, let destination, let payload):
            return "udp \(source) > \(destination) length \(payload.count)"
        case .tcp(let source, let destination, _, _, let flags):
            return "tcp \(source) > \(destination) \(Self.words(ofFlags: flags))"
        case .other(let number, let payload): return "protocol \(number) length \(payload.count)"
        }
    }

    /// RFC 792, RFC 4443, RFC 4861.
    private static func word(_ type: UInt8, _ family: IPAddress.Family) -> String? {
        switch (family, type) {
        case (.v4, 8), (.v6, 128): "echo request"
        case (.v4, 0), (.v6, 129): "echo reply"
        case (.v4, 3), (.v6, 1): "destination unreachable"
        case (.v6, 2): "packet too big"
        case (.v4, 11), (.v6, 3): "time exceeded"
        case (.v6, 135): "neighbour solicitation"
        case (.v6, 136): "neighbour advertisement"
        default: nil
        }
    }

    /// RFC 9293 §3.1, the lowest bit first.
    private static func words(ofFlags flags: UInt8) -> String {
        let names = ["fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"]
        let set = names.indices.filter { flags >> $0 & 1 == 1 }.map { names[$0] }
        return set.isEmpty ? "no flags" : set.joined(separator: ",")
    }
}
