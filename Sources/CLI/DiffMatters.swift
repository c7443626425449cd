import ArgumentParser

/// What a difference between two topologies is in, as `--fail-on` names it.
enum DiffMatter: String, CaseIterable {
    case lostPairs = "lost-pairs"
    case changedPairs = "changed-pairs"
    case gainedPairs = "gained-pairs"
    case hosts, nodes, settings
}

/// Several, with commas between them.
struct DiffMatters: ExpressibleByArgument {
    let matters: [DiffMatter]

    init?(argument: String) {
        let words = argument.split(separator: ",").map { $0.filter { $0 != " " } }
        matters = words.compactMap(DiffMatter.init(rawValue:))
        if matters.isEmpty || matters.count != words.count { return nil }
    }

    static let allValueStrings = DiffMatter.allCases.map(\.rawValue)
}
