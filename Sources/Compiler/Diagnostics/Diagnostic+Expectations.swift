import NetworkState

// What is said about expectations and events.
extension Diagnostic {
    static func badQuantity(_ text: String, _ noun: String, example: String, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badValue, "\(quoted(text)) is no \(noun)", at: pointer, help: "write a number and its unit: \(example)")
    }

    static func badPort(_ number: Int64, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(.badValue, "there is no port \(number)", at: pointer, help: "ports go from 1 to 65535")
    }

    static func badLabel(_ key: String, _ value: String, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badValue, "\(quoted("\(key)=\(value)")) cannot be a label", at: pointer,
            help: "neither side is empty or has '=', ',', '*' or '?' in it, by which labels are selected")
    }

    static func notOneAction(_ present: [String], of actions: [String], at pointer: JSONPointer) -> Diagnostic {
        let message =
            present.isEmpty
            ? "in this event nothing happens" : "in this event happens more than one thing: \(listed(present, "and"))"
        return Diagnostic(
            .badEvent, message, at: pointer,
            help: present.isEmpty ? "give it one of \(listed(actions))" : "make an event of each: they happen in order")
    }

    static func uselessKey(_ key: String, without action: String, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badEvent, "'\(key)' means nothing here", at: pointer, help: "it goes with '\(action)', which this is not")
    }

    static func uselessEvent(_ state: String, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badEvent, "this changes nothing: \(state)", at: pointer,
            help: "a test would pass whether it happens or not")
    }

    static func noTime(at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badValue, "no time is left for it", at: pointer, help: "write how long it may take: 500ms, 2s or 1m")
    }

    static func gatewayOfPairs(at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badExpectation, "this is said of pairs, but a gateway is each sender's own", at: pointer,
            help: "make an expectation of its own of \"gateway\", with nothing but \"from\" beside it")
    }

    static func protocolsOfNothing(at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badExpectation, "no packet is sent that these could be said of", at: pointer,
            help: "add \"reach\", or leave them out")
    }

    static func badSource(_ text: String, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badAddress, "\(quoted(text)) is no source address", at: pointer,
            help: didYouMean(text, among: ["kept"]) ?? "write kept, or the addresses that it is translated to")
    }

    static func arrivalOfNothing(_ key: String, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badExpectation, "nothing is to get there, so there is no \(quoted(key)) to be seen", at: pointer,
            help: "leave it out, or leave out \"reach\": false")
    }

    static func isolatedPackets(at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badValue, "no packet is ever in 'isolated'", at: pointer,
            help: "write none, vxlan, ipip or udp; or \"reach\": false where nothing crosses")
    }

    static func contrary(_ reach: Bool, at pointer: JSONPointer, to earlier: JSONPointer) -> Diagnostic {
        Diagnostic(
            .contraryExpectations,
            "the same pairs are said to \(reach ? "reach" : "miss") each other here, and to \(reach ? "miss" : "reach") each other before",
            at: pointer, severity: .warning, notes: [Note("the other is here", at: earlier)],
            help: "of several words about one thing the last holds, so that the other is in vain")
    }

    static func badSelector(_ text: String, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badValue, "\(quoted(text)) selects by no label", at: pointer,
            help: "write a label and its value, or several: app=web,tier=db")
    }

    static func uselessImpairment(at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(.badEvent, "this impairs nothing", at: pointer, help: "add \"loss\", \"rate\" or \"delay\"")
    }

    static func presence(_ host: String, isThere: Bool, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badEvent, "host \(quoted(host)) \(isThere ? "is there" : "has left") already", at: pointer,
            help: isThere ? "only a host that has left can join" : "let it join first")
    }

    static func unknownNode(_ name: String, _ what: String, at pointer: JSONPointer, known: [String]) -> Diagnostic {
        Diagnostic(
            .unknownNode, "there is no \(what) named \(quoted(name))", at: pointer, help: didYouMean(name, among: known)
        )
    }

    static func unknownLink(_ link: LinkName, of node: String, at pointer: JSONPointer, known: [LinkName]) -> Diagnostic
    {
        let names = known.map(\.text).sorted()
        return Diagnostic(
            .unknownLink, "\(quoted(node)) has no link named \(quoted(link.text))", at: pointer,
            help: didYouMean(link.text, among: names)
                ?? (names.isEmpty ? "it has none at all" : "it has \(listed(names.prefix(8).map(quoted), "and"))"))
    }

    static func missingLink(of node: String, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .unknownLink, "this names a node, but none of its links", at: pointer,
            help: "write \(quoted("\(node):LINK"))")
    }

    static func severalWays(at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badPath, "this way is for several pairs, which cannot all go it", at: pointer,
            help: "name one node in \"from\" and one in \"to\"")
    }

    static func wrongEnd(_ node: String, expected: String, isFirst: Bool, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badPath, "this way \(isFirst ? "begins" : "ends") at \(quoted(node)), but should at \(quoted(expected))",
            at: pointer)
    }

    static func portOfICMP(at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badValue, "ICMP has no ports", at: pointer, help: "write \"protocols\": [\"tcp\"] or [\"udp\"], or both")
    }

    /// `words` are what could have been meant: labels, or names where `text` is a wild card.
    static func nobodySelected(_ text: String, at pointer: JSONPointer, words: [String], noun: String) -> Diagnostic {
        let some = words.sorted().prefix(8).map(quoted)
        let others = words.count > some.count ? ", and \(words.count - some.count) others" : ""
        return Diagnostic(
            .emptyExpectation, "\(quoted(text)) selects no container and no server", at: pointer,
            help: didYouMean(text, among: words)
                ?? (words.isEmpty
                    ? "there are no \(noun)s at all"
                    : "there is \(others.isEmpty ? listed(some, "and") : some.joined(separator: ", ") + others)"))
    }
}
