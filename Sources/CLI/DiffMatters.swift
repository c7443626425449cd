import ArgumentParser
import Compiler

/// What differences a pipeline minds, with commas between them.
struct DiffMatters: ExpressibleByArgument {
    private typealias Matter = TopologyComparison.Matter

    let matters: [TopologyComparison.Matter]

    init?(argument: String) {
        let words = argument.split(separator: ",").map { $0.filter { $0 != " " } }
        matters = words.compactMap(Matter.init(rawValue:))
        if matters.isEmpty || matters.count != words.count { return nil }
    }

    static let allValueStrings = Matter.allCases.map(\.rawValue)
}
