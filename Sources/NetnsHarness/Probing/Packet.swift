package import NetworkState

/// An IPv4 or IPv6 packet.
package struct Packet: Hashable, Sendable {
    package enum Transport: Hashable, Sendable {
        /// Identifier and sequence are those of an echo.
        case icmp(type: UInt8, code: UInt8, identifier: UInt16, sequence: UInt16)
        case udp(sourcePort: UInt16, destinationPort: UInt16, payload: [UInt8])
        case tcp(
            sourcePort: UInt16, destinationPort: UInt16, sequence: UInt32, acknowledgement: UInt32, flags: UInt8)
        /// Another protocol, or a fragment but the first; `payload` of number 4 is an IPv4 packet in turn.
        case other(number: UInt8, payload: [UInt8])
    }

    package let source: IPAddress
    package let destination: IPAddress
    package let timeToLive: UInt8
    /// Whether it is a fragment of an IPv4 packet, and not the first: what it carries then begins anywhere.
    package let isLaterFragment: Bool
    package let transport: Transport

    /// Reads from the IP header on; nil for what is cut short or malformed.
    package init?(decoding bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        switch bytes.first.map({ $0 >> 4 }) {
        case 4: self.init(v4: bytes)
        case 6: self.init(v6: bytes)
        default: return nil
        }
    }

    /// RFC 791 §3.1. What follows the packet, as padding of a short frame does, is dropped.
    private init?(v4 bytes: [UInt8]) {
        let headerLength = Int(bytes[0] & 0x0f) * 4
        guard headerLength >= 20, let length: UInt16 = bytes.bigEndian(at: 2), Int(length) >= headerLength,
            bytes.count >= Int(length), let fragment: UInt16 = bytes.bigEndian(at: 6),
            let source = IPAddress(bytes: bytes[12..<16]), let destination = IPAddress(bytes: bytes[16..<20])
        else { return nil }
        let payload = Array(bytes[headerLength..<Int(length)])
        isLaterFragment = fragment & 0x1fff != 0
        guard
            let transport = isLaterFragment
                ? .other(number: bytes[9], payload: payload) : Transport(bytes[9], payload)
        else { return nil }
        self.source = source
        self.destination = destination
        timeToLive = bytes[8]
        self.transport = transport
    }

    /// RFC 8200 §3. Extension headers are left as they are, in ``Transport/other(number:payload:)``.
    private init?(v6 bytes: [UInt8]) {
        guard let length: UInt16 = bytes.bigEndian(at: 4), bytes.count >= 40 + Int(length),
            let source = IPAddress(bytes: bytes[8..<24]), let destination = IPAddress(bytes: bytes[24..<40]),
            let transport = Transport(bytes[6], Array(bytes[40..<(40 + Int(length))]))
        else { return nil }
        self.source = source
        self.destination = destination
        timeToLive = bytes[7]
        isLaterFragment = false
        self.transport = transport
    }
}

extension Packet.Transport {
    /// `IPPROTO_*` in netinet/in.h.
    fileprivate init?(_ number: UInt8, _ bytes: [UInt8]) {
        switch number {
        case 1, 58:
            guard bytes.count >= 8, let identifier: UInt16 = bytes.bigEndian(at: 4),
                let sequence: UInt16 = bytes.bigEndian(at: 6)
            else { return nil }
            self = .icmp(type: bytes[0], code: bytes[1], identifier: identifier, sequence: sequence)
        case 6:
            guard let source: UInt16 = bytes.bigEndian(at: 0), let destination: UInt16 = bytes.bigEndian(at: 2),
                let sequence: UInt32 = bytes.bigEndian(at: 4), let acknowledgement: UInt32 = bytes.bigEndian(at: 8),
                let flags: UInt8 = bytes.bigEndian(at: 13)
            else { return nil }
            self = .tcp(
                sourcePort: source, destinationPort: destination, sequence: sequence,
                acknowledgement: acknowledgement, flags: flags)
        case 17:
            guard bytes.count >= 8, let source: UInt16 = bytes.bigEndian(at: 0),
                let destination: UInt16 = bytes.bigEndian(at: 2)
            else { return nil }
            self = .udp(sourcePort: source, destinationPort: destination, payload: Array(bytes[8...]))
        default:
            self = .other(number: number, payload: bytes)
        }
    }
}
