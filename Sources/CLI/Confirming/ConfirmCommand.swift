import Applier
import ArgumentParser
import Compiler
import Netlink
import NetnsHarness
import NetworkState

struct ConfirmCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "confirm",
        abstract: "Keep an apply that waits for confirmation.",
        discussion: "Example: weft apply topology.json --confirm 60s && ping -c 3 10.0.0.1 && weft confirm"
    )

    @OptionGroup var target: HostOptions

    func run() throws {
        let managed = try target.waitingHost()
        let ledger = managed.ledger
        try converging { () throws(ApplyError) in
            let checkpoint = try ledger.confirm()
            try HostGuard(of: ledger).dismiss()
            Terminal.print("host \(checkpoint.host): the apply stays\n")
        }
    }
}

struct RollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Take back an apply that waits for confirmation, or one that was cut short.",
        discussion: "The host is then as it was before. Example: weft rollback --host A"
    )

    @OptionGroup var target: HostOptions

    @Option(help: "How to print what was undone.")
    var format = PlanFormat.text

    @OptionGroup var detail: DetailOptions

    func run() throws {
        var managed = try target.waitingHost()
        let plan = try converging { () throws(ApplyError) in
            let plan = try managed.rollBack()
            try HostGuard(of: managed.ledger).dismiss()
            return plan
        }
        Terminal.print(format.render(plan, detail))
    }
}

extension HostOptions {
    /// The host that `--host` names, or the one that has something to settle if it is the only one, or this machine.
    fileprivate func waitingHost() throws -> ManagedHost {
        if let host { return try managedHost(host) }
        let directory = stateDirectory
        let names = lab == nil ? try reporting { () throws(SystemError) in try LedgerFile.journals(in: directory) } : []
        return try managedHost(names.count == 1 ? names[0] : ThisProcess.hostname)
    }
}
