import ArgumentParser
import Netlink
import NetnsHarness

struct LabDownCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down",
        abstract: "End a lab and everything that runs in it.",
        discussion: "Example: weft lab down demo"
    )

    @Argument(help: "The lab.")
    var lab: String

    func run() throws {
        let record = try runningLab(lab)
        let isGone = try reporting { () throws(SystemError) in try LabRegistry.ofThisUser().end(record) }
        if isGone { return Terminal.print("lab \(lab) is down\n") }
        Terminal.note("process \(record.process) of lab '\(lab)' has been ended but is not gone yet; try again")
        throw CommandOutcome.failed.exitCode
    }
}

struct LabGCCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Forget labs whose process has died.",
        discussion: "The kernel has freed all else: only their entries in the list of labs can be left over."
    )

    func run() throws {
        let names = try reporting { () throws(SystemError) in try LabRegistry.ofThisUser().collectGarbage() }
        Terminal.print(names.isEmpty ? "nothing left over\n" : "forgotten: \(names.joined(separator: ", "))\n")
    }
}
