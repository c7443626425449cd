import NetworkState

/// What neighbours ask each other: at which link-layer address somebody is.
enum NeighbourMessage: Hashable, Sendable {
    case question(IPAddress)
    case answer(IPAddress, MACAddress)

    /// Reads an Ethernet frame; nil for anything else, and for those who tell without being asked.
    init?(_ bytes: [UInt8]) {
        guard let frame = Frame(decoding: bytes) else { return nil }
        switch frame.payload {
        case .arp(let message): self.init(message)
        case .ip(let packet): self.init(packet, bytes)
        case .other: return nil
        }
    }

    private init?(_ message: ARPMessage) {
        if message.sender == message.target { return nil }
        switch message.operation {
        case .request: self = .question(message.target)
        case .reply: self = .answer(message.sender, message.senderLinkLayerAddress)
        }
    }

    /// RFC 4861 §4.3, §4.4: the target, and as an option its link-layer address. Extension headers there are none.
    private init?(_ packet: Packet, _ bytes: [UInt8]) {
        guard case .icmp(let type, _, _, _) = packet.transport, packet.source.family == .v6, bytes.count >= 78,
            let target = IPAddress(bytes: bytes[62..<78])
        else { return nil }
        switch type {
        // From nobody: who asks whether an address is free.
        case 135 where packet.source.bits != 0: self = .question(target)
        case 136 where bytes.count >= 86 && bytes[78] == 2:
            guard let owner = MACAddress(bytes: bytes[80..<86]) else { return nil }
            self = .answer(target, owner)
        default: return nil
        }
    }
}
