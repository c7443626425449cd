import NetworkState

// What tables of nftables make of a packet, and what is remembered of that.
extension ModelWalk {
    /// Whether the node's rules are asked about the packet: those of address translation see the first of a connection alone,
    /// and an answer to nothing that the node knows is none, save by UDP, which has no beginning.
    private func isFirst(at index: Int) -> Bool {
        if node(index).translation.isEmpty { return false }
        if packet.isWrapped || !isAnswer { return true }
        return packet.header.content == .probe(.udp)
    }

    /// Of an answer, the one who asked: the connection, if the node knows it.
    mutating func restoreDestination(at index: Int) -> TrackedConnections.Connection? {
        guard isAnswer, !packet.isWrapped,
            let connection = connections.answered(by: packet.header, at: index)
        else { return nil }
        let before = packet.header.destination
        packet.header.destination = connection.before.source
        packet.header.destinationPort = connection.before.sourcePort
        noteTranslation(.destination, before, packet.header.destination, at: index)
        return connection
    }

    mutating func restoreSource(of connection: TrackedConnections.Connection, at index: Int) {
        let before = packet.header.source
        packet.header.source = connection.before.destination
        packet.header.sourcePort = connection.before.port
        noteTranslation(.source, before, packet.header.source, at: index)
    }

    mutating func translateDestination(at index: Int, _ hook: AddressTranslation.Hook, incoming: Int?) {
        guard isFirst(at: index) else { return }
        let before = packet.header
        let passage = AddressTranslation.Passage(
            header: before, incoming: incoming.map { network.link($0).name },
            isLocal: node(index).has(before.destination))
        if let (rule, table) = node(index).translation.rule(at: hook, for: passage),
            case .destination(let address, let port) = rule.verdict
        {
            packet.header.destination = address
            packet.header.destinationPort = port ?? before.destinationPort
            rely(on: .table(table), at: index)
            noteTranslation(.destination, before.destination, address, at: index)
        }
        if !packet.isWrapped { connections.note(before, packet.header, at: index) }
    }

    mutating func translateSource(at index: Int, by link: Int, towards target: IPAddress) {
        guard isFirst(at: index) else { return }
        let before = packet.header
        let connection = connections.begun(by: before, at: index)
        let passage = AddressTranslation.Passage(
            header: before, outgoing: network.link(link).name,
            hasNewDestination: connection?.hasNewDestination ?? false)
        guard let (rule, table) = node(index).translation.rule(at: .postrouting, for: passage) else { return }
        let address: IPAddress? =
            switch rule.verdict {
            case .masquerade:
                // `nf_nat_masquerade_ipv4` and `nf_nat_masquerade_ipv6` in net/netfilter/nf_nat_masquerade.c
                node(index).source(
                    on: network.place(of: link), towards: family == .v4 ? target : before.destination)
            case .source(let address): address
            case .destination, .drop, .accept: nil
            }
        guard let address else { return }
        packet.header.source = address
        rely(on: .table(table), at: index)
        noteTranslation(.source, before.source, address, at: index)
        if !packet.isWrapped { connections.note(before, packet.header, at: index) }
    }

    /// Nil unless a rule drops it.
    func filter(at index: Int, _ hook: AddressTranslation.Hook, incoming: Int?, outgoing: Int?) -> Turn? {
        if node(index).translation.isEmpty { return nil }
        let passage = AddressTranslation.Passage(
            header: packet.header, incoming: incoming.map { network.link($0).name },
            outgoing: outgoing.map { network.link($0).name }, isLocal: outgoing == nil)
        guard let (rule, table) = node(index).translation.rule(at: hook, for: passage), rule.verdict == .drop else {
            return nil
        }
        return end(.filtered, at: index, "a rule of table \(table.name): \(rule.text)", by: .table(table))
    }

    private mutating func noteTranslation(
        _ side: PacketStory.Translation.Side, _ before: IPAddress, _ after: IPAddress, at index: Int
    ) {
        if before != after { note(.translates(PacketStory.Translation(side, from: before, to: after)), at: index) }
    }
}
