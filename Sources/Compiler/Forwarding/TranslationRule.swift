import NetworkState

/// One rule of a chain of nftables, as `nft list` prints it, as far as the model knows its words.
struct TranslationRule: Hashable, Sendable {
    enum Condition: Hashable, Sendable {
        /// Of the source or the destination.
        case address(isSource: Bool, AddressSet, isNegated: Bool)
        case link(isIncoming: Bool, LinkName, isNegated: Bool)
        case port(ProbeProtocol, UInt16)
        /// `fib daddr type local`
        case destinationIsLocal
        /// `ct status dnat`
        case hasNewDestination
    }

    enum Verdict: Hashable, Sendable {
        case masquerade
        case destination(IPAddress, UInt16?)
        case source(IPAddress)
        case drop
        case accept
    }

    let text: String
    var conditions: [Condition] = []
    let verdict: Verdict

    /// Nil for what has a word that the model does not know: it is as good as not there.
    init?(_ text: String) {
        self.text = text
        var words = WordReader(text)
        while let word = words.next() {
            if let verdict = Verdict(word, &words) {
                guard words.next() == nil else { return nil }
                self.verdict = verdict
                return
            }
            guard let condition = Condition(word, &words) else { return nil }
            conditions.append(condition)
        }
        return nil
    }

    var isForLocal: Bool { conditions.contains(.destinationIsLocal) }
}

/// `10.0.0.0/8`, or `{ 10.0.0.0/8, 192.168.0.1-192.168.0.9 }`.
struct AddressSet: Hashable, Sendable {
    private var ranges: [ClosedRange<IPAddress>] = []

    fileprivate init?(_ words: inout WordReader) {
        guard var word = words.next() else { return nil }
        if word == "{" {
            while let element = words.next(), element != "}" {
                guard let range = Self.range(element) else { return nil }
                ranges.append(range)
            }
            return
        }
        if word.hasSuffix(",") { word.removeLast() }
        guard let range = Self.range(word) else { return nil }
        ranges = [range]
    }

    func contains(_ address: IPAddress) -> Bool {
        ranges.contains { $0.lowerBound.family == address.family && $0.contains(address) }
    }

    private static func range(_ text: String) -> ClosedRange<IPAddress>? {
        let text = text.hasSuffix(",") ? String(text.dropLast()) : text
        if let prefix = IPPrefix(parsing: text) { return prefix.network.address...prefix.last }
        let ends = text.split(separator: "-").compactMap { IPAddress(parsing: String($0)) }
        guard let first = ends.first, let last = ends.last, first <= last, ends.count <= 2 else { return nil }
        return first...last
    }
}

private struct WordReader {
    private var words: ArraySlice<Substring>

    init(_ text: String) { words = text.split(separator: " ")[...] }

    mutating func next() -> String? { words.popFirst().map(String.init) }

    /// Whether `expected` comes next, which is then read.
    mutating func take(_ expected: String...) -> Bool {
        guard words.prefix(expected.count).map(String.init) == expected else { return false }
        words.removeFirst(expected.count)
        return true
    }
}

extension TranslationRule.Condition {
    fileprivate init?(_ word: String, _ words: inout WordReader) {
        switch word {
        case "ip", "ip6":
            guard let side = words.next(), side == "saddr" || side == "daddr" else { return nil }
            let isNegated = words.take("!=")
            guard let set = AddressSet(&words) else { return nil }
            self = .address(isSource: side == "saddr", set, isNegated: isNegated)
        case "iifname", "oifname":
            let isNegated = words.take("!=")
            guard let name = words.next().flatMap({ LinkName($0.filter { $0 != "\"" }) }) else { return nil }
            self = .link(isIncoming: word == "iifname", name, isNegated: isNegated)
        case "fib":
            guard words.take("daddr", "type", "local") else { return nil }
            self = .destinationIsLocal
        case "ct":
            guard words.take("status", "dnat") else { return nil }
            self = .hasNewDestination
        case "tcp", "udp":
            guard words.take("dport"), let port = words.next().flatMap({ UInt16($0) }),
                let means = ProbeProtocol(rawValue: word)
            else { return nil }
            self = .port(means, port)
        default: return nil
        }
    }
}

extension TranslationRule.Verdict {
    fileprivate init?(_ word: String, _ words: inout WordReader) {
        switch word {
        case "masquerade": self = .masquerade
        case "drop": self = .drop
        case "accept": self = .accept
        case "dnat", "snat":
            _ = words.take("ip") || words.take("ip6")
            guard words.take("to"), let target = words.next(), let (address, port) = Self.target(target) else {
                return nil
            }
            self = word == "dnat" ? .destination(address, port) : .source(address)
        default: return nil
        }
    }

    /// `172.17.0.2:80`, `[fd00::2]:80`, or an address alone.
    private static func target(_ text: String) -> (IPAddress, UInt16?)? {
        if let address = IPAddress(parsing: text) { return (address, nil) }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
            let address = IPAddress(parsing: text[..<colon].filter { $0 != "[" && $0 != "]" })
        else { return nil }
        return (address, port)
    }
}
