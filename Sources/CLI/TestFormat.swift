import ArgumentParser

/// What `weft test` prints.
enum TestFormat: String, ExpressibleByArgument, CaseIterable {
    /// For people.
    case text
    /// The same, and workflow commands that GitHub shows at the topology's lines.
    case github
    /// For programs.
    case json
}
