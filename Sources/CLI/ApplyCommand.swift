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
        help:
            "A topology (a file or a directory of fragments), a plan that plan --out has written, or - for standard input.",
        completion: .file())
    var file: String

    @OptionGroup var target: HostOptions

    @OptionGroup var lock: LockOptions

    @OptionGroup var confirmation: ConfirmOptions

    @Flag(
        name: .customLong("take-over"), help: "Replace what is not weft's and stands in the way; destroy gives it back."
    )
    var takesOver = false

    @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 if something was changed.")
    var detailedExitCode = false

    @Option(help: "How to print the plan.")
    var format = PlanFormat.text

    @OptionGroup var detail: DetailOptions

    private enum Wish {
        case topology(CompiledHost)
        case saved(Plan)
    }

    func run() throws {
        let wish = try wish(LoadedFile.read(file))
        let launcher = try target.launcher()
        var managed = try target.managedHost(hostName(of: wish), lock)
        let guardian = HostGuard(of: managed.ledger)
        let probation = confirmation.probation(of: managed, guardian, launcher: launcher, target)
        let plan = try converging { () throws(ApplyError) in
            do throws(ApplyError) { return try carryOut(wish, on: &managed, probation) } catch {
                // What could not be undone, the guard tries once more in the end.
                if case .incomplete = error.outcome { throw error }
                try guardian.callOff()
                throw error
            }
        }
        if plan.changes.isEmpty && format == .text {
            Terminal.print("host \(plan.host): nothing to change (\(grouped(plan.unchanged)) unchanged)\n")
        } else {
            Terminal.print(format.render(plan, detail))
        }
        if probation != nil { try confirmation.conclude(managed.ledger, guardian, target) }
        if detailedExitCode && !plan.changes.isEmpty { throw CommandOutcome.changed.exitCode }
    }

    private func wish(_ source: SourceText) throws -> Wish {
        guard let saved = SavedPlan.read(source) else {
            let loaded = try LoadedFile(source)
            return .topology(
                CompiledHost(
                    loaded.topology, host: try loaded.host(target.host), source: source, takesOver: takesOver))
        }
        if let host = target.host, host != saved.host {
            Terminal.note("\(file) is a plan for host '\(saved.host)', not '\(host)'")
            throw ExitCode(64)
        }
        return .saved(saved)
    }

    private func hostName(of wish: Wish) -> String {
        switch wish {
        case .topology(let host): host.name
        case .saved(let plan): plan.host
        }
    }

    private func carryOut(
        _ wish: Wish, on managed: inout ManagedHost, _ probation: Probation?
    ) throws(ApplyError) -> Plan {
        switch wish {
        case .topology(let host): try managed.converge(to: host, probation: probation)
        case .saved(let plan): try managed.carryOut(plan, probation: probation)
        }
    }
}
