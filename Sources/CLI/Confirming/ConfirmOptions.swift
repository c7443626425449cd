import Applier
import ArgumentParser
import Netlink
import NetnsHarness

/// Whether an apply is taken back unless it is confirmed.
struct ConfirmOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Take it back, unless weft confirm is run within this time: 60s, 5m.",
            discussion: "By a process that outlives the terminal, so that an apply which cuts one off undoes itself.",
            valueName: "time"))
    var confirm: DurationArgument?

    @Option(
        name: .customLong("confirm-if"),
        help: ArgumentHelp(
            "With --confirm: keep it by itself once this host gets an answer from ADDRESS; wait for the outcome.",
            valueName: "reach:ADDRESS"))
    var conditions: [ConfirmationCondition] = []

    func validate() throws {
        if confirm == nil && !conditions.isEmpty { throw ValidationError("--confirm-if goes with --confirm") }
        if let confirm, confirm.duration < .seconds(1) { throw ValidationError("--confirm takes a second at least") }
    }

    /// Has `guardian` started as another command of this program, by way of `launcher`, to watch over `host`.
    func probation(
        of host: borrowing ManagedHost, _ guardian: HostGuard, launcher: [String], _ target: HostOptions
    ) -> Probation? {
        guard let time = confirm?.duration else { return nil }
        let arguments =
            launcher + ["guard", "--host", host.name, "--time", "\(time / .seconds(1))"]
            + (target.lab == nil ? ["--state", target.stateDirectory] : ["--in-lab"])
            + conditions.flatMap { ["--confirm-if", "\($0)"] }
        return Probation(until: timestamp(after: time)) { () throws(ApplyError) in try guardian.start(arguments) }
    }

    /// Says what is to be done about an apply that waits, or waits until the conditions decide.
    func conclude(_ ledger: LedgerFile, _ guardian: HostGuard, _ target: HostOptions) throws {
        let journal = try converging { () throws(ApplyError) in try ledger.journal() }
        // There is none if there was nothing to change.
        guard let journal, let deadline = journal.deadline else { return }
        if !conditions.isEmpty { return try awaitVerdict(guardian) }
        let place = "--host \(journal.host)" + (target.lab.map { " --lab \($0)" } ?? "")
        Terminal.note(
            "taken back at \(deadline) unless confirmed: weft confirm \(place) keeps it, weft rollback \(place) does not"
        )
    }

    private func awaitVerdict(_ guardian: HostGuard) throws {
        Terminal.progress("waiting for \(conditions.text)")
        let word = try reporting { () throws(SystemError) in try guardian.verdict() }
        Terminal.endProgress()
        switch word.flatMap(GuardWord.init) {
        case .confirmed: Terminal.note("\(conditions.text): the apply stays")
        case .rolledBack:
            Terminal.note("no \(conditions.text) in time: the apply has been taken back")
            throw CommandOutcome.rolledBack.exitCode
        case .dismissed:
            Terminal.note("somebody else has confirmed the apply, or taken it back")
            throw CommandOutcome.failed.exitCode
        case nil:
            Terminal.note(
                "no \(conditions.text) in time, and the apply could not be taken back: see \(guardian.logPath)")
            throw CommandOutcome.rollbackIncomplete.exitCode
        }
    }
}

extension ConfirmationCondition: ExpressibleByArgument {
    public init?(argument: String) {
        self.init(parsing: argument)
    }
}
