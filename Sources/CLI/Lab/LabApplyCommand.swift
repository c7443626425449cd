import Applier
import ArgumentParser
import Compiler
import Netlink
import NetnsHarness
import NetworkState

/// Starts this program once more, among the processes of a lab. Other commands do; users do not.
///
/// By a process of its own, as one that has entered another process namespace can start no more threads (clone(2)). And
/// by another one within, which ends at once: an orphan is inherited by the first process of its parent's namespace
/// (`find_child_reaper` in kernel/exit.c), and only the lab's is sure to collect it.
struct LabAdoptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "adopt", shouldDisplay: false)

    /// Nil for the one within.
    @Option var holder: Int32?
    @Argument(parsing: .postTerminator) var arguments: [String] = []

    func run() throws {
        ThisProcess.closeInheritedFiles()
        try reporting { () throws(SystemError) in
            guard let holder else { return _ = try ChildProcess.spawn(ThisProcess.program, ["weft"] + arguments) }
            try Seclusion.joinProcesses(of: holder)
            _ = try ChildProcess.spawn(ThisProcess.program, ["weft", "lab", "adopt", "--"] + arguments).wait()
        }
    }
}

struct LabApplyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Bring a lab that is up to another topology: hosts, containers and network models come and go.",
        discussion: "What stays is left alone. Example: weft lab apply demo topologies/flannel-vxlan.json"
    )

    @Argument(help: "The lab.")
    var lab: String

    @Argument(
        help: "The topology: a file, a directory of fragments, or - for standard input.",
        completion: .file(extensions: ["json"]))
    var file: String

    @Flag(
        name: .customLong("bare"),
        help: "Only the machines and their wires: leave the hosts to weft agent or weft apply.")
    var isBare = false

    func run() throws {
        let loaded = try LoadedFile(file)
        let record = try runningLab(lab)
        // The list of labs is out of sight from within one.
        let entry = try reporting { () throws(SystemError) in try LabRegistry.ofThisUser().entry(of: record) }
        let workloads = try reporting { () throws(SystemError) in try Workloads(of: loaded.topology) }
        try reporting { () throws(SystemError) in try Seclusion.join(process: record.process) }
        let present = Lab(loaded.topology, source: loaded.source, workloads: workloads)
        try converging { () throws(ApplyError) in
            try present.apply(holder: record.process, isBare: isBare, progress: Terminal.progress)
        }
        Terminal.endProgress()
        let updated = LabRecord(
            name: record.name, process: record.process, topology: loaded.topology.name, file: file,
            started: record.started, nodes: present.nodes)
        try reporting { () throws(SystemError) in
            try present.remember()
            try entry.rewrite(updated.json.line)
        }
        Terminal.print("lab \(lab) is as \(file) says\n")
    }
}
