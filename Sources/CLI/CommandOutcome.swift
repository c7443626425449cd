import Applier
import ArgumentParser
import Netlink
import NetworkState

/// The exit codes of every command: other programs rely on them.
enum CommandOutcome: Int32 {
    case done = 0
    case failed = 1
    case changed = 2
    case nothingProved = 3
    case invalidTopology = 4
    case stalePlan = 5
    case locked = 6
    case conflict = 7
    case rolledBack = 8
    case rollbackIncomplete = 9
    case lacking = 10

    var exitCode: ExitCode { ExitCode(rawValue) }
}

extension ApplyError {
    /// What the command that met this error exits with.
    var exitCode: ExitCode {
        switch self {
        case .conflicts: CommandOutcome.conflict.exitCode
        case .stale: CommandOutcome.stalePlan.exitCode
        case .locked, .unconfirmed: CommandOutcome.locked.exitCode
        case .lacking, .unprivileged(_, _, .unchanged): CommandOutcome.lacking.exitCode
        case .missingLinks, .absentWorkloads, .corruptLedger, .corruptJournal, .settled, .unobservable, .unlistable,
            .unprivileged,
            .system, .refused,
            .failed, .verification, .notUndone:
            switch outcome {
            case .unchanged: CommandOutcome.failed.exitCode
            case .rolledBack: CommandOutcome.rolledBack.exitCode
            case .incomplete: CommandOutcome.rollbackIncomplete.exitCode
            }
        }
    }
}
