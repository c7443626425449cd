import Applier
import ArgumentParser
import Netlink
import NetnsHarness

/// What a guard says, a line each: that it watches, and then how that ended.
enum GuardWord: String {
    case confirmed, rolledBack, dismissed
}

/// Takes an apply back unless it is confirmed. `weft apply --confirm` starts it; users do not.
struct GuardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "guard", shouldDisplay: false)

    @Option var host: String
    /// In seconds.
    @Option var time: Double
    @Option var state = Lab.stateDirectory
    /// Whether this process is among those of the lab that the host belongs to.
    @Flag(name: .customLong("in-lab")) var isInLab = false
    @Option(name: .customLong("confirm-if")) var conditions: [ConfirmationCondition] = []

    func run() throws {
        ThisProcess.closeInheritedFiles()
        let signals = try reporting { () throws(SystemError) in try SignalQueue() }
        var managed = ManagedHost(
            host, namespaces: HostNamespaces(own: isInLab ? .named(host) : .current), stateDirectory: state,
            lockTimeout: .seconds(600))
        let verdict = try converging { () throws(ApplyError) in
            try managed.watch(for: .seconds(time), confirmingIf: conditions, signals: signals) {
                () throws(SystemError) in
                Terminal.print("watching\n")
                try ThisProcess.detach(keepingOutput: true)
            }
        }
        Terminal.print(Self.word(verdict).rawValue + "\n")
    }

    private static func word(_ verdict: GuardVerdict) -> GuardWord {
        switch verdict {
        case .confirmed: .confirmed
        case .rolledBack: .rolledBack
        case .dismissed: .dismissed
        }
    }
}
