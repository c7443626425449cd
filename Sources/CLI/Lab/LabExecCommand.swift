import ArgumentParser
import Netlink
import NetnsHarness
import NetworkState

struct LabExecCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec",
        abstract: "Run a command in a node of a lab; its exit status is this command's.",
        discussion: "Example: weft lab exec demo A1 -- ip neigh"
    )

    @Argument(help: "The lab.")
    var lab: String

    @Argument(help: "A host, container, router or segment of it.")
    var node: String

    @Argument(parsing: .postTerminator, help: "The command and its arguments, after --.")
    var command: [String]

    func validate() throws {
        if command.isEmpty { throw ValidationError("no command: write it after --, as in: -- ip route") }
    }

    func run() throws {
        try runInLab(lab, node, command)
    }
}

struct LabShellCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shell",
        abstract: "Open a shell in a node of a lab.",
        discussion: """
            Its prompt tells where it is, and so do $WEFT_LAB and $WEFT_NODE; without a terminal it takes commands from its \
            input. Example: weft lab shell demo A
            """
    )

    @Argument(help: "The lab.")
    var lab: String

    @Argument(help: "A host, container, router or segment of it.")
    var node: String

    func run() throws {
        let place = "(\(lab) \(node)) "
        ThisProcess.set("PS1", place + #"\w \$ "#)
        // Bash takes its prompt from its own files, and looks here only after those.
        ThisProcess.set("PROMPT_COMMAND", "PS1='\(place)'\"$PS1\"; unset PROMPT_COMMAND")
        try runInLab(lab, node, [ThisProcess.variable("SHELL") ?? "/bin/sh"])
    }
}

private func runInLab(_ lab: String, _ node: String, _ command: [String]) throws -> Never {
    let record = try runningLab(lab)
    let names = record.nodes.compactMap { $0["name"]?.string }
    guard names.contains(node) else {
        let listed = names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
        Terminal.note("lab '\(lab)' has no node '\(node)': it has \(listed)")
        throw ExitCode(64)
    }
    ThisProcess.set("WEFT_LAB", lab)
    ThisProcess.set("WEFT_NODE", node)
    throw ExitCode(
        try reporting { () throws(SystemError) in try LabHolder.run(command, in: node, of: record) })
}
