import JSONReader
import NetworkState

// What is said about the text as a whole, and about the keys of its objects.
extension Diagnostic {
    static func syntaxError(_ error: JSONSyntaxError, at range: Range<Int>) -> Diagnostic {
        Diagnostic(.syntaxError, error.message, at: .bytes(range, near: .root), help: error.help)
    }

    static func duplicateKey(_ duplicate: DuplicateKey, first: Range<Int>, again: Range<Int>) -> Diagnostic {
        let pointer = duplicate.object.appending(duplicate.key)
        return Diagnostic(
            .duplicateKey, "the key \(quoted(duplicate.key)) stands here twice", at: .bytes(again, near: pointer),
            notes: [Note("it stands here first", at: .bytes(first, near: pointer))], help: "remove one of the two")
    }

    static func unsupportedVersion(_ version: Int64, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .unsupportedVersion, "version \(version) of the format is unknown", at: pointer,
            help: "this weft reads version \(Topology.version)"
        )
    }

    static func unknownKey(_ key: String, in kind: String, keys: [String], at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .unknownKey, "\(kind) has no key \(quoted(key))", at: .key(pointer.appending(key)),
            help: didYouMean(key, among: keys) ?? "it may have \(listed(keys.filter { $0 != "$schema" }))"
        )
    }

    static func missingKey(_ key: String, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(.missingKey, "the key '\(key)' is missing", at: pointer)
    }

    static func missingSubnet(of host: Node, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .missingKey, "\(host) has containers, but no 'subnet' for their addresses", at: pointer,
            help: "give it a \"subnet\", or the network \"pools\" to take one from"
        )
    }

    static func tooMany(_ things: String, _ count: Int, limit: Int, at pointer: JSONPointer) -> Diagnostic {
        Diagnostic(
            .tooLarge, "\(grouped(count)) \(things) are too many", at: pointer,
            help: "a topology may have \(grouped(limit))"
        )
    }
}

/// `a`, `a or b`, `a, b or c`
func listed(_ words: [String], _ conjunction: String = "or") -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " \(conjunction) " + last
}
