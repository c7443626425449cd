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

    static func uselessImpairment(at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(.badEvent, "this impairs nothing", at: pointer, help: "add \"loss\", \"rate\" or \"delay\"")
    }

    static func presence(_ host: String, isThere: Bool, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .badEvent, "host \(quoted(host)) \(isThere ? "is there" : "has left") already", at: pointer,
            help: isThere ? "only a host that has left can join" : "let it join before it leaves again")
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

    static func nobodySelected(_ text: String, at pointer: JSONPointer, labels: [String]) -> Diagnostic {
        Diagnostic(
            .emptyExpectation, "\(quoted(text)) selects no container and no server", at: pointer,
            help: didYouMean(text, among: labels)
                ?? (labels.isEmpty ? nil : "there is \(listed(labels.prefix(8).map(quoted), "and"))"))
    }
}
