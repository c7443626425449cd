import NetworkState

// What is said about names, and about what they lead to.
extension Diagnostic {
    static func badName(_ text: String, at pointer: JSONPointer) -> Diagnostic {
        let help =
            text.utf8.count > NodeName.maximumLength
            ? "a name has at most \(NodeName.maximumLength) characters"
            : "a name begins with a letter or digit and goes on with letters, digits, '_', '.' and '-'"
        return Diagnostic(.badName, "\(quoted(text)) cannot be a name", at: pointer, help: help)
    }

    static func unusable(_ text: String, because failure: NamePattern.Failure, at pointer: JSONPointer) -> Diagnostic {
        switch failure {
        case .badName: badName(text, at: pointer)
        case .malformed:
            Diagnostic(
                .badRange, "\(quoted(text)) has braces, but no range in them", at: pointer,
                help: "a name may hold one range of numbers: h{1..100}"
            )
        case .backwards: Diagnostic(.badRange, "the range in \(quoted(text)) runs backwards", at: pointer)
        case .tooMany(let count): tooMany("names", count, limit: Limits.containers, at: pointer)
        }
    }

    static func uniqueInRange(_ key: String, of node: Node, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .uniqueInRange, "\(node) stands for several, which cannot all have this \(key)", at: pointer,
            help: "leave it out, so that each is assigned its own"
        )
    }

    static func namedContainers(of host: Node, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .uniqueInRange, "\(host) stands for several, which cannot all have containers of these names", at: pointer,
            help: "write how many containers each has: \"containers\": 10"
        )
    }

    static func linkNameTooLong(_ text: String, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .linkNameTooLong, "the link name \(quoted(text)) has \(text.utf8.count) bytes", at: pointer,
            help: "the kernel takes at most \(LinkName.maximumLength)"
        )
    }

    static func badLinkName(_ text: String, at pointer: JSONPointer) -> Diagnostic {
        let isReserved = text == "all" || text == "default"
        return Diagnostic(
            .badLinkName, "\(quoted(text)) cannot be the name of a link", at: pointer,
            help: isReserved
                ? "it is a folder of settings under /proc/sys/net" : "use letters, digits, '_', '.' and '-' in it"
        )
    }

    static func nameClash(_ node: Node, at pointer: JSONPointer, with other: Node, _ place: JSONPointer) -> Diagnostic {
        Diagnostic(
            .nameClash, "the name \(quoted(node.name)) of this \(node.kind.rawValue) is taken", at: pointer,
            notes: [Note("a \(other.kind.rawValue) has it", at: place)],
            help: "segments, machines and containers need different names, for each is a network namespace"
        )
    }

    static func linkClash(
        _ name: LinkName, on node: Node, at pointer: JSONPointer, with other: JSONPointer?
    ) -> Diagnostic {
        Diagnostic(
            .nameClash, "\(node) has two links named '\(name)'", at: pointer,
            notes: [other.map { Note("the other", at: $0) } ?? Note("the other is the loopback link")],
            help: "give one of them another name"
        )
    }

    static func unknownSegment(_ name: String, at pointer: JSONPointer, other: Node?, known: [String]) -> Diagnostic {
        Diagnostic(
            .unknownSegment, "there is no segment named \(quoted(name))", at: pointer,
            help: other.map { "\($0) is no segment" } ?? didYouMean(name, among: known) ?? knownNames(known, "segments")
        )
    }

    static func unknownHost(_ name: String, at pointer: JSONPointer, other: Node?, known: [String]) -> Diagnostic {
        Diagnostic(
            .unknownHost, "there is no container, host or server named \(quoted(name))", at: pointer,
            help: other.map { "expectations are about containers and servers, and \($0) is neither" }
                ?? didYouMean(name, among: known)
        )
    }

    private static func knownNames(_ names: [String], _ things: String) -> String {
        if names.isEmpty { return "there are no \(things) at all" }
        return names.count <= 8 ? "there is \(listed(names.map(quoted), "and"))" : "there are \(names.count) others"
    }

    static func nobody(in name: String?, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .emptyExpectation,
            name.map { "host \(quoted($0)) has no containers" } ?? "there are no containers at all",
            at: pointer, help: "an expectation about nobody would hold whatever happens"
        )
    }

    static func nothing(_ thing: String, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .emptyExpectation, "this names no \(thing)", at: pointer,
            help: "an expectation about nothing would hold whatever happens"
        )
    }

    static func unusedSegment(_ name: String, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .unusedSegment, "nothing is linked to segment \(quoted(name))", at: pointer, severity: .warning
        )
    }
}
