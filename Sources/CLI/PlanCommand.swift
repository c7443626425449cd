import Applier
import ArgumentParser
import Compiler
import Netlink
import NetnsHarness
import NetworkState

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what apply would do to the live kernel. Changes nothing, ever.",
        discussion: "Example: weft plan topologies/calico-two-hosts.json --host A --out A.plan"
    )

    @Argument(
        help: "The topology: a file, a directory of fragments, or - for standard input.",
        completion: .file(extensions: ["json"]))
    var file: String

    @OptionGroup var target: HostOptions

    @Option(help: "Save the plan here, for show and apply.", completion: .file())
    var out: String?

    @Flag(
        name: .customLong("take-over"), help: "Replace what is not weft's and stands in the way; destroy gives it back."
    )
    var takesOver = false

    @Flag(name: .customLong("exit-code"), help: "Exit with 2 if there is something to change.")
    var exitCode = false

    @Option(help: "How to print it.")
    var format = PlanFormat.text

    @OptionGroup var detail: DetailOptions

    func run() throws {
        let source = try LoadedFile.read(file)
        if format == .text, out == nil, let known = try target.knownPlan(target.wish(source, takingOver: takesOver)) {
            return Terminal.print(format.render(known, detail))
        }
        let loaded = try LoadedFile(source)
        let host = CompiledHost(
            loaded.topology, host: try loaded.host(target.host), source: loaded.source, takesOver: takesOver)
        // A process that moves into a lab no longer sees the files that it came from by their names.
        let saved = try out.map { path in try reporting { () throws(SystemError) in try OutputFile(path) } }
        var managed = try target.managedHost(host.name)
        let isKept = out != nil || format == .json
        let plan = try converging { () throws(ApplyError) in try managed.plan(for: host, isKept: isKept) }
        Terminal.print(format.render(plan, detail))
        if let saved { try reporting { () throws(SystemError) in try saved.write(plan.json.text) } }
        if !plan.conflicts.isEmpty { throw CommandOutcome.conflict.exitCode }
        if !plan.missingLinks.isEmpty { throw CommandOutcome.failed.exitCode }
        if exitCode && !plan.changes.isEmpty { throw CommandOutcome.changed.exitCode }
    }
}

/// Does what may fail on a host; a failure is printed and ends the command with its exit code.
func converging<Value: ~Copyable>(_ body: () throws(ApplyError) -> Value) throws -> Value {
    do throws(ApplyError) {
        return try body()
    } catch {
        Terminal.endProgress()
        Terminal.note("\(error)")
        throw error.exitCode
    }
}
