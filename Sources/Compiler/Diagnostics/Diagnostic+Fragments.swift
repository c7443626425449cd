import JSONReader
import NetworkState

// What is said about a directory of fragments.
extension Diagnostic {
    static let noFragments = Diagnostic(
        .syntaxError, "there is no *.json file in this directory", at: .root,
        help: "a directory stands for the topology that its *.json files make up")

    static func contradiction(
        _ contradiction: Merging.Contradiction, at place: Place, with first: Place, in file: String
    ) -> Diagnostic {
        let subject = if case .key(let key) = contradiction.pointer.steps.last { quoted(key) } else { "the topology" }
        return Diagnostic(
            .contradiction,
            "\(subject) is \(told(contradiction.later.json)) here, but \(told(contradiction.first.json)) in \(file)",
            at: place, notes: [Note("it stands here first", at: first)], help: "say it in one of the two files")
    }

    private static func told(_ json: JSON) -> String {
        switch json {
        case .array, .object: kind(of: json)
        case .string(let text): quoted(text)
        case .null, .bool, .integer, .real: json.line
        }
    }
}
