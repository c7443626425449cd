import Applier
import ArgumentParser
import Compiler
import Netlink
import NetnsHarness
import NetworkState

struct ApplyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Make a host as its topology says, or carry out a saved plan.",
        discussion: """
            All or nothing: if a change fails, what was done is undone. What weft did not make, it leaves alone. \
            Example: weft apply topologies/calico-two-hosts.json --host A
            """
    )

    @Argument(
        help: "A topology file, a plan that plan --out has written, or - for standard input.", completion: .file())
    var file: String

    @OptionGroup var target: HostOptions

    @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 if something was changed.")
    var detailedExitCode = false

    @Option(help: "How to print the plan.")
    var format = PlanFormat.text

    @OptionGroup var detail: DetailOptions

    func run() throws {
        let source = try LoadedFile.read(file)
        let plan = if let saved = SavedPlan.read(source.bytes) { try carryOut(saved) } else { try converge(source) }
        if plan.changes.isEmpty && format == .text {
            Terminal.print("host \(plan.host): nothing to change (\(grouped(plan.unchanged)) unchanged)\n")
        } else {
            Terminal.print(
                format.render(plan, isColoured: Terminal.isColoured(Terminal.output), isVerbose: detail.verbose))
        }
        if detailedExitCode && !plan.changes.isEmpty { throw CommandOutcome.changed.exitCode }
    }

    private func converge(_ source: SourceText) throws -> Plan {
        let loaded = try LoadedFile(source)
        let host = CompiledHost(loaded.topology, host: try loaded.host(target.host), source: source)
        var managed = try target.managedHost(host.name)
        return try converging { () throws(ApplyError) in try managed.converge(to: host) }
    }

    private func carryOut(_ saved: Plan) throws -> Plan {
        if let host = target.host, host != saved.host {
            Terminal.note("\(file) is a plan for host '\(saved.host)', not '\(host)'")
            throw ExitCode(64)
        }
        var managed = try target.managedHost(saved.host)
        return try converging { () throws(ApplyError) in try managed.carryOut(saved) }
    }
}
