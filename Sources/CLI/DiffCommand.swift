import ArgumentParser
import Compiler
import Netlink
import NetworkState

struct DiffCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        /// For people, for programs, and for a comment on a pull request.
        case text, json, markdown
    }

    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two topologies: what each host would do, and which pairs gain, lose or change their way.",
        discussion: """
            Needs no privileges and asks no kernel: the plans are those of machines that have OLD applied to them and \
            nothing else. Exits with 2 if there is a difference; with --fail-on, with 1 if it is of that kind, else 0. \
            Example: weft diff topologies/calico-two-hosts.json topologies/calico-vxlan.json
            """
    )

    @Argument(help: "The topology as it is: a file or a directory of fragments.", completion: .file())
    var old: String

    @Argument(help: "The topology as it should become; - for standard input.", completion: .file())
    var new: String

    @Option(help: "How to print it: text, json or markdown.")
    var format = Format.text

    @Option(
        help: ArgumentHelp(
            "Fail (exit 1) where the difference is in one of these, and be content (exit 0) with every other.",
            discussion: "\(DiffMatters.allValueStrings.joined(separator: ", ")); several with commas.",
            valueName: "what"))
    var failOn: DiffMatters?

    @OptionGroup var detail: DetailOptions

    func validate() throws {
        if old == "-" && new == "-" { throw ValidationError("only one of the two can be read from standard input") }
    }

    func run() throws {
        let (old, new) = (try LoadedFile(old), try LoadedFile(new))
        let comparison = TopologyComparison(from: old.topology, old.source, to: new.topology, new.source)
        switch format {
        case .text:
            let isColoured = Terminal.isColoured(Terminal.output)
            Terminal.print(comparison.text(isColoured: isColoured, isVerbose: detail.verbose))
        case .json: Terminal.print(comparison.json.text)
        case .markdown: Terminal.print(comparison.markdown)
        }
        guard let failOn else {
            if !comparison.isEmpty { throw CommandOutcome.changed.exitCode }
            return
        }
        let found = failOn.matters.filter(comparison.isIn).map(\.rawValue)
        if found.isEmpty { return }
        try? write("weft: there are \(found.joined(separator: ", ")), which --fail-on names\n", to: Terminal.error)
        throw CommandOutcome.failed.exitCode
    }
}
