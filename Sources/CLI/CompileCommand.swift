import ArgumentParser
import Compiler
import Netlink
import NetworkState

struct CompileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compile",
        abstract: "Print the plan of each host against a machine that has nothing yet.",
        discussion: """
            Needs no privileges and asks no kernel. `--format ip` prints iproute2 commands that can be run as they \
            stand: weft compile topologies/calico-two-hosts.json --host A --format ip
            """
    )

    @Argument(
        help: "The topology: a file, a directory of fragments, or - for standard input.",
        completion: .file(extensions: ["json"]))
    var file: String

    @Option(help: "Only this host's plan.")
    var host: String?

    @Option(help: "How to print it: plan (text), ip (commands) or json.")
    var format = PlanPrinter.Format.plan

    @OptionGroup var detail: DetailOptions

    @Option(name: .shortAndLong, help: "Write to this file instead of standard output.", completion: .file())
    var output: String?

    func run() throws {
        let loaded = try LoadedFile(file)
        let host = try host.map { try loaded.host($0) }
        guard let output else {
            // That nobody reads it any more is the reader's decision, and a reason to stop.
            try? print(loaded, host) { (bytes) throws(SystemError) in try write(bytes, to: Terminal.output) }
            return
        }
        try reporting { () throws(SystemError) in
            var draft = try FileDraft(of: output)
            try print(loaded, host) { (bytes) throws(SystemError) in try draft.write(bytes) }
            try draft.commit()
        }
    }

    private func print(
        _ loaded: LoadedFile, _ host: Int?, to write: ([UInt8]) throws(SystemError) -> Void
    ) throws(SystemError) {
        let isColoured = output == nil && Terminal.isColoured(Terminal.output)
        let printer = PlanPrinter(format: format, isColoured: isColoured, isVerbose: detail.verbose)
        if let host {
            try printer.print(host, of: loaded, to: write)
        } else {
            try printer.printAll(of: loaded, to: write)
        }
    }
}

extension PlanPrinter.Format: ExpressibleByArgument {}
