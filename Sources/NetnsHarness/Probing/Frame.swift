package import NetworkState

/// An Ethernet frame, as far as tests ask about it.
package struct Frame: Hashable, Sendable {
    package enum Payload: Hashable, Sendable {
        case arp(ARPMessage)
        case ip(Packet)
        case other(etherType: UInt16)
    }

    package let destination: MACAddress
    package let source: MACAddress
    package let payload: Payload

    /// Reads from the destination address on; nil for what is cut short or malformed.
    package init?(decoding bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count >= 14, let destination = MACAddress(bytes: bytes[0..<6]),
            let source = MACAddress(bytes: bytes[6..<12]), let etherType: UInt16 = bytes.bigEndian(at: 12),
            let payload = Payload(etherType, bytes[14...])
        else { return nil }
        self.destination = destination
        self.source = source
        self.payload = payload
    }
}

extension Frame.Payload {
    /// `ETH_P_*` in linux/if_ether.h.
    fileprivate init?(_ etherType: UInt16, _ bytes: ArraySlice<UInt8>) {
        switch etherType {
        case 0x0806:
            guard let message = ARPMessage(decoding: bytes) else { return nil }
            self = .arp(message)
        case 0x0800, 0x86dd:
            guard let packet = Packet(decoding: bytes) else { return nil }
            self = .ip(packet)
        default:
            self = .other(etherType: etherType)
        }
    }
}

/// ARP for IPv4 over Ethernet (RFC 826).
package struct ARPMessage: Hashable, Sendable {
    package enum Operation: UInt16, Hashable, Sendable {
        case request = 1
        case reply = 2
    }

    package let operation: Operation
    package let senderLinkLayerAddress: MACAddress
    package let sender: IPAddress
    package let targetLinkLayerAddress: MACAddress
    package let target: IPAddress

    /// Ethernet, IPv4, six and four bytes.
    private static let preamble: [UInt8] = [0, 1, 8, 0, 6, 4]

    init?(decoding bytes: ArraySlice<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count >= 28, bytes.starts(with: Self.preamble),
            let operation = bytes.bigEndian(at: 6).flatMap(Operation.init(rawValue:)),
            let senderLinkLayerAddress = MACAddress(bytes: bytes[8..<14]),
            let sender = IPAddress(bytes: bytes[14..<18]),
            let targetLinkLayerAddress = MACAddress(bytes: bytes[18..<24]),
            let target = IPAddress(bytes: bytes[24..<28])
        else { return nil }
        self.operation = operation
        self.senderLinkLayerAddress = senderLinkLayerAddress
        self.sender = sender
        self.targetLinkLayerAddress = targetLinkLayerAddress
        self.target = target
    }
}
