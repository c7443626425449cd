import ArgumentParser
import Netlink

/// The processes that the events of a test start: the first of their namespace without arguments, then each with its command.
struct LabAttendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "attend", shouldDisplay: false)

    @Argument(parsing: .postTerminator) var command: [String] = []

    func run() throws {
        ThisProcess.closeInheritedFiles()
        do throws(SystemError) {
            guard let program = command.first else { return try ThisProcess.attend() }
            try Seclusion.showOwnNamespaces()
            try ThisProcess.become(program, command)
        } catch {
            Terminal.note("\(error)")
            throw ExitCode(127)
        }
    }
}
