import ArgumentParser
import Compiler
import JSONReader
import Netlink
import NetworkState

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Render a saved plan, stale or not.",
        discussion: "Example: weft show A.plan --format ip"
    )

    @Argument(help: "A file that plan --out has written.", completion: .file())
    var plan: String

    @Option(help: "How to print it.")
    var format = PlanFormat.text

    @OptionGroup var detail: DetailOptions

    func run() throws {
        guard let saved = try SavedPlan.read(plan) else {
            Terminal.note("\(plan) is no plan of version \(Plan.formatVersion): make one with weft plan --out")
            throw CommandOutcome.failed.exitCode
        }
        Terminal.print(format.render(saved, detail))
    }
}

enum SavedPlan {
    /// The plan in `path`, or nil if it holds something else, such as a topology.
    static func read(_ path: String) throws -> Plan? {
        let bytes = try reporting { () throws(SystemError) in
            path == "-" ? try readStandardInput() : try readFileBytes(path)
        }
        return read(bytes)
    }

    /// Likewise; a plan is one file.
    static func read(_ source: SourceText) -> Plan? {
        source.files.count == 1 ? read(source.files[0].bytes) : nil
    }

    private static func read(_ bytes: [UInt8]) -> Plan? {
        // A large topology is not taken apart twice, just to see that it is none.
        bytes.contains(word: #""missingLinks""#) ? (try? JSON(parsing: bytes)).flatMap(Plan.init(json:)) : nil
    }
}

extension [UInt8] {
    /// Whether `word`, in UTF-8, is somewhere in it: by Horspool's algorithm, which looks at few of many bytes.
    fileprivate func contains(word: String) -> Bool {
        let word = Array(word.utf8)
        var steps = [Int](repeating: word.count, count: 256)
        for place in word.indices.dropLast() { steps[Int(word[place])] = word.count - 1 - place }
        var end = word.count
        while end <= count {
            if self[(end - word.count)..<end].elementsEqual(word) { return true }
            end += steps[Int(self[end - 1])]
        }
        return false
    }
}
