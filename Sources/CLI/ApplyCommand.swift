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

    private enum Goal {
        case topology(CompiledHost)
        case saved(Plan)
    }

    func run() throws {
        let source = try LoadedFile.read(file)
        let wish = target.wish(source, takingOver: takesOver)
        if format == .text, confirmation.confirm == nil, let known = try target.knownPlan(wish) { return report(known) }
        let (goal, isOdd) = try goal(source)
        let launcher = try target.launcher()
        var managed = try target.managedHost(hostName(of: goal), lock)
        let guardian = HostGuard(of: managed.ledger)
        let probation = confirmation.probation(of: managed, guardian, launcher: launcher, target)
        let plan = try converging { () throws(ApplyError) in
            do throws(ApplyError) {
                return try carryOut(goal, on: &managed, probation, sealing: isOdd ? nil : wish)
            } catch {
                // What could not be undone, the guard tries once more in the end.
                if case .incomplete = error.outcome { throw error }
                try guardian.callOff()
                throw error
            }
        }
        report(plan)
        if probation != nil { try confirmation.conclude(managed.ledger, guardian, target) }
        if detailedExitCode && !plan.changes.isEmpty { throw CommandOutcome.changed.exitCode }
    }

    private func report(_ plan: Plan) {
        if plan.changes.isEmpty && format == .text {
            Terminal.print("host \(plan.host): nothing to change (\(grouped(plan.unchanged)) unchanged)\n")
        } else {
            Terminal.print(format.render(plan, detail))
        }
    }

    /// - `isOdd`: whether something was said of it that is to be said each time.
    private func goal(_ source: SourceText) throws -> (goal: Goal, isOdd: Bool) {
        guard let saved = SavedPlan.read(source) else {
            let loaded = try LoadedFile(source)
            let host = CompiledHost(
                loaded.topology, host: try loaded.host(target.host), source: source, takesOver: takesOver)
            return (.topology(host), isOdd: !loaded.warnings.isEmpty)
        }
        if let host = target.host, host != saved.host {
            Terminal.note("\(file) is a plan for host '\(saved.host)', not '\(host)'")
            throw ExitCode(64)
        }
        return (.saved(saved), isOdd: false)
    }

    private func hostName(of goal: Goal) -> String {
        switch goal {
        case .topology(let host): host.name
        case .saved(let plan): plan.host
        }
    }

    private func carryOut(
        _ goal: Goal, on managed: inout ManagedHost, _ probation: Probation?, sealing wish: UInt64?
    ) throws(ApplyError) -> Plan {
        switch goal {
        case .topology(let host): try managed.converge(to: host, probation: probation, sealing: wish)
        case .saved(let plan): try managed.carryOut(plan, probation: probation)
        }
    }
}
