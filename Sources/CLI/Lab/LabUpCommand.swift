import Applier
import ArgumentParser
import Compiler
import JSONReader
import Netlink
import NetnsHarness
import NetworkState

struct LabUpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Build a topology's machines and wires, apply every host, and keep it all running.",
        discussion: "Example: weft lab up topologies/calico-two-hosts.json --name demo"
    )

    @Argument(
        help: "The topology: a file, a directory of fragments, or - for standard input.",
        completion: .file(extensions: ["json"]))
    var file: String

    @Option(help: "What to call the lab; by default as the topology is called.")
    var name: String?

    @Flag(
        name: .customLong("bare"),
        help: "Only the machines and their wires: leave the hosts to weft agent or weft apply.")
    var isBare = false

    func run() throws {
        let loaded = try LoadedFile(file)
        let name = name ?? loaded.topology.name
        try checkLabName(name)
        let code = try reporting(needing: .privileges) { () throws(SystemError) in
            try LabHolder.start(name: name, source: loaded.source, isBare: isBare)
        }
        guard code == 0 else { throw ExitCode(code) }
        Terminal.print("lab \(name) is up: weft lab exec \(name) NODE -- COMMAND; weft lab down \(name)\n")
    }

    /// A lab's name is a file's name.
    private func checkLabName(_ name: String) throws {
        let isFit =
            (1...63).contains(name.utf8.count) && name.first != "." && name.first != "-"
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        if isFit { return }
        Terminal.note("'\(name)' is no name for a lab: use up to 63 letters, digits, '-', '_' and '.'")
        throw ExitCode(64)
    }
}

/// The process that a lab lives in. `weft lab up` starts it; users do not.
struct LabHoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "hold", shouldDisplay: false)

    @Argument var name: String
    @Argument var registry: String
    @Flag(name: .customLong("bare")) var isBare = false
    /// Whether the lab is up already, in the mounts that this process has inherited.
    @Flag(name: .customLong("built")) var isBuilt = false

    func run() throws {
        ThisProcess.closeInheritedFiles()
        let bytes = try reporting { () throws(SystemError) in try readStandardInput() }
        guard let json = try? JSON(parsing: bytes), let source = SourceText(json: json) else {
            Terminal.note("weft lab hold reads what weft lab up writes")
            throw ExitCode(64)
        }
        let loaded = try LoadedFile(source)
        let workloads =
            isBuilt ? nil : try reporting { () throws(SystemError) in try Workloads(of: loaded.topology) }
        let lab = Lab(loaded.topology, source: loaded.source, workloads: workloads)
        let record = LabRecord(
            name: name, process: ThisProcess.id, topology: loaded.topology.name, file: source.name,
            started: timestamp(),
            nodes: lab.nodes)
        let entry = try reporting { () throws(SystemError) in try LabRegistry(directory: registry).enter(record) }
        guard let lock = entry else {
            Terminal.note("a lab called '\(name)' is up already: take it down, or choose another --name")
            throw CommandOutcome.locked.exitCode
        }
        if !isBuilt { try build(lab) }
        try reporting { () throws(SystemError) in
            try lab.remember()
            try LabHolder.stay()
        }
        extendLifetime(lock)
    }

    private func build(_ lab: Lab) throws {
        try reporting(needing: .privileges) { () throws(SystemError) in _ = try Seclusion.enter() }
        _ = try converging { () throws(ApplyError) in try lab.up(isBare: isBare, progress: Terminal.progress) }
        Terminal.endProgress()
    }
}
