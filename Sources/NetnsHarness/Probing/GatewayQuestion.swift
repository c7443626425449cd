import NetworkState

/// The question who answers for a gateway: as a frame that a container could have sent itself.
struct GatewayQuestion: Hashable, Sendable {
    /// Who asks.
    let sender: IPAddress
    let senderLinkLayerAddress: MACAddress
    /// Of the sender's family.
    let target: IPAddress

    private static let broadcast: [UInt8] = Array(repeating: 0xff, count: 6)

    var frame: [UInt8] { sender.family == .v4 ? arp : solicitation }

    /// An ARP request (RFC 826).
    private var arp: [UInt8] {
        Self.broadcast + senderLinkLayerAddress.bytes + [0x08, 0x06, 0, 1, 0x08, 0, 6, 4, 0, 1]
            + senderLinkLayerAddress.bytes + sender.bytes + [0, 0, 0, 0, 0, 0] + target.bytes
    }

    /// A neighbour solicitation (RFC 4861 §4.3) to the target's solicited-node address (RFC 4291 §2.7.1), with the option
    /// that says whom to answer.
    private var solicitation: [UInt8] {
        let tail = Array(target.bytes.suffix(3))
        let group: [UInt8] = [0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff] + tail
        let option: [UInt8] = [1, 1] + senderLinkLayerAddress.bytes
        var message: [UInt8] = [135, 0, 0, 0, 0, 0, 0, 0] + target.bytes + option
        let length = UInt8(message.count)
        // The pseudo-header of RFC 8200 §8.1.
        let sum = internetChecksum(sender.bytes + group + [0, 0, 0, length, 0, 0, 0, 58] + message)
        message[2] = UInt8(sum >> 8)
        message[3] = UInt8(truncatingIfNeeded: sum)
        let header: [UInt8] = [0x60, 0, 0, 0, 0, length, 58, 255] + sender.bytes + group
        return [0x33, 0x33, 0xff] + tail + senderLinkLayerAddress.bytes + [0x86, 0xdd] + header + message
    }

    /// Who says in `frame` that the target is theirs; nil for any other frame.
    func answer(in frame: some Collection<UInt8>) -> MACAddress? {
        sender.family == .v4 ? arpAnswer(in: frame) : advertiser(in: Array(frame))
    }

    private func arpAnswer(in frame: some Collection<UInt8>) -> MACAddress? {
        guard let frame = Frame(decoding: frame), case .arp(let message) = frame.payload, message.operation == .reply,
            message.sender == target
        else { return nil }
        return message.senderLinkLayerAddress
    }

    /// A neighbour advertisement (RFC 4861 §4.4); the target's link-layer address is an option, which an answer to a
    /// solicitation that was a multicast has.
    private func advertiser(in bytes: [UInt8]) -> MACAddress? {
        guard bytes.count >= 86, bytes[12] == 0x86, bytes[13] == 0xdd, bytes[20] == 58, bytes[54] == 136,
            IPAddress(bytes: bytes[62..<78]) == target, bytes[78] == 2, bytes[79] == 1
        else { return nil }
        return MACAddress(bytes: bytes[80..<86])
    }
}
