import Foundation

/// What the command line asks for.
struct Options {
    static let usage = """
        usage: bench [--smoke] [--only NAME,…] [--rounds N] [--limit SECONDS] [--weft FILE] [--write DIRECTORY] [--list]
          --smoke   small sizes, one round: whether it works, and no figures
          --only    these benchmarks alone; --list tells which there are
          --rounds  how many times each is measured, 5 by default
          --limit   how long one script may take, 600 by default
          --weft    the program, .build/release/weft by default
          --write   put table, JSON and pictures into DIRECTORY/benchmarks.md and DIRECTORY/benchmarks/

        """

    var isSmoke = false
    var only: [String] = []
    var rounds = 5
    var limit = 600
    var weft: String?
    var output: String?
    var isList = false

    /// Nil if it makes no sense.
    init?(_ words: [String]) {
        var rest = words[...]
        while let word = rest.popFirst() {
            switch word {
            case "--smoke": isSmoke = true
            case "--list": isList = true
            case "--only":
                guard let names = rest.popFirst() else { return nil }
                only = names.split(separator: ",").map(String.init)
            case "--rounds":
                guard let number = rest.popFirst().flatMap({ Int($0) }), number > 0 else { return nil }
                rounds = number
            case "--limit":
                guard let number = rest.popFirst().flatMap({ Int($0) }), number > 0 else { return nil }
                limit = number
            case "--weft":
                weft = rest.popFirst()
                if weft == nil { return nil }
            case "--write":
                output = rest.popFirst()
                if output == nil { return nil }
            default: return nil
            }
        }
    }
}
