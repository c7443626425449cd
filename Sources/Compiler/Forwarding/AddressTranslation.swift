import NetworkState

/// What a namespace's tables of nftables do with packets.
struct AddressTranslation: Sendable {
    enum Hook: String, Sendable {
        case prerouting, input, forward, output, postrouting
    }

    /// What a rule is asked about.
    struct Passage {
        let header: ModelPacket.Header
        var incoming: LinkName?
        var outgoing: LinkName?
        var isLocal = false
        var hasNewDestination = false
    }

    private struct Chain: Sendable {
        let hook: Hook
        let priority: Int
        let table: NATTable
        /// Nil for all.
        let family: IPAddress.Family?
        var rules: [TranslationRule] = []
    }

    private var chains: [Chain] = []

    init(_ tables: [NATTable]) {
        for table in tables { read(table) }
        chains.sort { $0.priority < $1.priority }
    }

    /// Whether the namespace keeps track of connections.
    var isEmpty: Bool { chains.isEmpty }

    /// Whose addresses its rules tell apart.
    var addressSets: [AddressSet] {
        chains.flatMap(\.rules).flatMap(\.conditions).compactMap { condition in
            if case .address(_, let set, _) = condition { set } else { nil }
        }
    }

    /// The first rule of the hook's chains that says something of such a packet, and whose it is.
    func rule(at hook: Hook, for passage: Passage) -> (rule: TranslationRule, table: NATTable)? {
        for chain in chains where chain.hook == hook {
            if let family = chain.family, family != passage.header.destination.family { continue }
            if let rule = chain.rules.first(where: { $0.matches(passage) }), rule.verdict != .accept {
                return (rule, chain.table)
            }
        }
        return nil
    }

    private mutating func read(_ table: NATTable) {
        var chain: Chain?
        // Tables of other layers, such as a bridge's, are none of the model's.
        let family = table.text.split { $0 == " " || $0 == "\n" }.dropFirst().first.map(String.init)
        guard let family, ["ip", "ip6", "inet"].contains(family) else { return }
        for line in table.text.split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "\t" }
            if words.first == "type" {
                chain = Self.chain(words, of: table, ["ip": .v4, "ip6": .v6][family])
            } else if words == ["}"] {
                if let chain { chains.append(chain) }
                chain = nil
            } else if chain != nil, let rule = TranslationRule(words.joined(separator: " ")) {
                chain?.rules.append(rule)
            }
        }
    }

    /// `type nat hook prerouting priority -100; policy accept;`
    private static func chain(
        _ words: [Substring], of table: NATTable, _ family: IPAddress.Family?
    ) -> Chain? {
        guard let place = words.firstIndex(of: "hook"), let hook = words.dropFirst(place + 1).first,
            let known = Hook(rawValue: String(hook)), let rank = words.firstIndex(of: "priority"),
            let priority = words.dropFirst(rank + 1).first.flatMap({ Int($0.filter { $0 != ";" }) })
        else { return nil }
        return Chain(hook: known, priority: priority, table: table, family: family)
    }
}

extension TranslationRule {
    fileprivate func matches(_ passage: AddressTranslation.Passage) -> Bool {
        conditions.allSatisfy { $0.matches(passage) }
    }
}

extension TranslationRule.Condition {
    fileprivate func matches(_ passage: AddressTranslation.Passage) -> Bool {
        let header = passage.header
        switch self {
        case .address(let isSource, let set, let isNegated):
            return set.contains(isSource ? header.source : header.destination) != isNegated
        case .link(let isIncoming, let name, let isNegated):
            return ((isIncoming ? passage.incoming : passage.outgoing) == name) != isNegated
        case .port(let means, let port): return header.content == .probe(means) && header.destinationPort == port
        case .destinationIsLocal: return passage.isLocal
        case .hasNewDestination: return passage.hasNewDestination
        }
    }
}
