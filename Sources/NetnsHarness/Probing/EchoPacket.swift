import NetworkState

/// An ICMP (RFC 792) or ICMPv6 (RFC 4443) echo request or reply.
struct EchoPacket: Hashable, Sendable {
    static let headerSize = 8

    private enum TypeNumber {
        static let reply: UInt8 = 0
        static let request: UInt8 = 8
        static let request6: UInt8 = 128
        static let reply6: UInt8 = 129
    }

    let isRequest: Bool
    let identifier: UInt16
    let sequence: UInt16
    let payload: ArraySlice<UInt8>

    init(requestWith identifier: UInt16, sequence: UInt16, payload: [UInt8]) {
        isRequest = true
        self.identifier = identifier
        self.sequence = sequence
        self.payload = payload[...]
    }

    /// As a raw socket takes it. The kernel sums ICMPv6 by itself (RFC 3542 §3.1), since only it knows the source.
    func bytes(_ family: IPAddress.Family) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.headerSize + payload.count)
        switch family {
        case .v4: bytes.append(isRequest ? TypeNumber.request : TypeNumber.reply)
        case .v6: bytes.append(isRequest ? TypeNumber.request6 : TypeNumber.reply6)
        }
        bytes.append(contentsOf: [0, 0, 0])
        bytes.append(bigEndian: identifier)
        bytes.append(bigEndian: sequence)
        bytes.append(contentsOf: payload)
        if family == .v4 {
            let sum = internetChecksum(bytes)
            bytes[2] = UInt8(sum >> 8)
            bytes[3] = UInt8(truncatingIfNeeded: sum)
        }
        return bytes
    }

    /// Reads from the ICMP header on; nil for any other type.
    init?(_ bytes: ArraySlice<UInt8>, _ family: IPAddress.Family) {
        guard let type = bytes.first, let identifier: UInt16 = bytes.bigEndian(at: 4),
            let sequence: UInt16 = bytes.bigEndian(at: 6)
        else { return nil }
        switch (family, type) {
        case (.v4, TypeNumber.request), (.v6, TypeNumber.request6): isRequest = true
        case (.v4, TypeNumber.reply), (.v6, TypeNumber.reply6): isRequest = false
        default: return nil
        }
        self.identifier = identifier
        self.sequence = sequence
        payload = bytes.dropFirst(Self.headerSize)
    }

    /// Reads what a raw socket received: with the IP header before it in IPv4 alone (raw(7), RFC 3542 §3).
    init?(received bytes: [UInt8], _ family: IPAddress.Family) {
        guard family == .v4 else {
            self.init(bytes[...], family)
            return
        }
        guard let first = bytes.first else { return nil }
        self.init(bytes.dropFirst(Int(first & 0x0f) * 4), family)
    }
}

/// The one's complement of the one's complement sum of all 16-bit words (RFC 1071).
func internetChecksum(_ bytes: [UInt8]) -> UInt16 {
    var sum: UInt32 = 0
    var isHigh = true
    for byte in bytes {
        sum += isHigh ? UInt32(byte) << 8 : UInt32(byte)
        isHigh.toggle()
    }
    while sum >> 16 != 0 { sum = sum & 0xffff + sum >> 16 }
    return ~UInt16(truncatingIfNeeded: sum)
}
