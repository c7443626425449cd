import NetworkState

// What NDP is subject to and ARP is not: its messages are packets.
extension ForwardingNetwork {
    /// Whether the question of `link`'s node gets to `other`'s, which has `target`, and the answer gets back: tables of nftables
    /// may drop either, and the answer goes by the table of neighbours (`ndisc_send_skb` in net/ipv6/ndisc.c).
    func isDiscovered(_ other: Int, _ target: IPAddress, by link: Int, _ source: IPAddress?) -> Bool {
        let (asker, asked) = (nodes[owner(of: link)], nodes[owner(of: other)])
        guard let source else { return false }
        if !asked.neighbours.isEmpty {
            let identity = Neighbour.Identity(device: self.link(other).name, address: source)
            if let entry = asked.neighbours[identity], entry.linkLayerAddress != self.link(link).link.address {
                return false
            }
        }
        if asker.translation.isEmpty && asked.translation.isEmpty { return true }
        let question = Self.message(from: source, to: target.solicitedNode)
        let answer = Self.message(from: target, to: source)
        return sends(question, by: link) && takes(question, by: other) && sends(answer, by: other)
            && takes(answer, by: link)
    }

    private static func message(from source: IPAddress, to destination: IPAddress) -> ModelPacket.Header {
        ModelPacket(from: source, to: destination, by: .icmp).header
    }

    private func sends(_ message: ModelPacket.Header, by number: Int) -> Bool {
        let passage = AddressTranslation.Passage(header: message, outgoing: link(number).name)
        return !drops(passage, at: .output, number)
    }

    private func takes(_ message: ModelPacket.Header, by number: Int) -> Bool {
        let passage = AddressTranslation.Passage(header: message, incoming: link(number).name, isLocal: true)
        return !drops(passage, at: .input, number)
    }

    private func drops(
        _ passage: AddressTranslation.Passage, at hook: AddressTranslation.Hook, _ number: Int
    ) -> Bool {
        nodes[owner(of: number)].translation.rule(at: hook, for: passage)?.rule.verdict == .drop
    }
}

extension IPAddress {
    /// The group that hears questions for this address (RFC 4291 §2.7.1).
    fileprivate var solicitedNode: IPAddress {
        IPAddress(family: .v6, bits: UInt128(0xff02) << 112 | 0x1_ff00_0000 | bits & 0xff_ffff)
    }
}
