import ArgumentParser
import Compiler
import Netlink
import NetworkState

struct CompileCommand: ParsableCommand {
    /// As `PlanFormat`, where text is called by what it is: the plan against an empty host.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case plan, ip, json
    }

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
    var format = Format.plan

    @OptionGroup var detail: DetailOptions

    @Option(name: .shortAndLong, help: "Write to this file instead of standard output.", completion: .file())
    var output: String?

    func run() throws {
        let loaded = try LoadedFile(file)
        let indices = try host.map { [try loaded.host($0)] } ?? Array(loaded.topology.hosts.indices)
        let plans = indices.map { CompiledHost(loaded.topology, host: $0, source: loaded.source).offlinePlan }
        try emit(render(plans))
    }

    private func render(_ plans: [Plan]) -> String {
        let isColoured = output == nil && Terminal.isColoured(Terminal.output)
        return switch format {
        case .plan:
            plans.map { PlanText($0, isColoured: isColoured, isVerbose: detail.verbose).text }.joined(separator: "\n")
        case .ip: plans.map(\.script).joined(separator: "\n")
        case .json where host != nil: plans.map(\.json.text).joined()
        case .json: JSON.array(plans.map(\.json)).text
        }
    }

    private func emit(_ text: String) throws {
        guard let output else { return Terminal.print(text) }
        do throws(SystemError) {
            try replaceFile(output, with: text)
        } catch {
            Terminal.note("\(error)")
            throw CommandOutcome.failed.exitCode
        }
    }
}
