import Applier
import ArgumentParser
import Compiler
import Netlink
import NetnsHarness
import NetworkState

struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Follow one packet and its answer through a topology, link by link, as seen on the wire.",
        discussion: """
            Builds the topology in namespaces, has FROM ask TO once, and tells who asked whose link-layer address, which \
            routes matched, and what became of the packet at each node. With --lab it asks in a lab that is up and changes \
            nothing there. Exits with 1 if no answer came, or not by the way that the topology would have it. \
            Example: weft trace topologies/calico-two-hosts.json A1 B1
            """
    )

    @Argument(
        help: "The topology: a file, a directory of fragments, or - for standard input.",
        completion: .file(extensions: ["json"]))
    var file: String

    @Argument(help: "The container, host or server that asks.")
    var from: String

    @Argument(help: "The one that is asked.")
    var to: String

    @Option(name: .customLong("protocol"), help: "By what to ask: icmp, tcp or udp.")
    var means = ProbeProtocol.icmp

    @Option(help: "Which of TO's addresses to ask; by default the first that FROM has one of the same family as.")
    var address: String?

    @Option(help: "Ask in this lab, which was made from the topology.")
    var lab: String?

    @Option(help: "How to print it.")
    var format = OutputFormat.text

    @Flag(help: "The same as --format json.")
    var json = false

    @Option(
        name: .customShort("w"), help: "Write what passed meanwhile to this file, as pcapng for Wireshark.",
        completion: .file())
    var capture: String?

    func validate() throws {
        if from == to { throw ValidationError("FROM and TO are both '\(from)': nothing would leave it") }
        if let address, IPAddress(parsing: address) == nil {
            throw ValidationError("--address takes an IP address, not '\(address)'")
        }
    }

    func run() throws {
        ThisProcess.spareMemory()
        let loaded = try LoadedFile(file)
        let question = try question(loaded)
        let output = try reporting { () throws(SystemError) in try TraceOutput.open(capture) }
        let trace = try lab.map { try traceInLab($0, loaded, question) } ?? traceInSeclusion(loaded, question)
        Terminal.endProgress()
        Terminal.print(json || format == .json ? trace.story.json.text : trace.story.text)
        try reporting { () throws(SystemError) in try output.write(trace.capture) }
        if !trace.story.isAsExpected { throw CommandOutcome.failed.exitCode }
    }

    private func question(_ loaded: LoadedFile) throws -> PacketStory.Question {
        try Self.question(loaded, from, to, address.flatMap { IPAddress(parsing: $0) }, means)
    }

    /// - `wanted`: which of `to`'s addresses to ask; nil for the first that can be.
    static func question(
        _ loaded: LoadedFile, _ from: String, _ to: String, _ wanted: IPAddress?, _ means: ProbeProtocol
    ) throws -> PacketStory.Question {
        for name in [from, to] {
            try checkName(
                name, among: loaded.topology.traceableNodes,
                "\(loaded.source.name) has no container, host or server '\(name)'")
        }
        if let question = loaded.topology.question(from: from, to: to, at: wanted, by: means) { return question }
        let reason =
            wanted.map { "'\(to)' has not the address \($0), or '\(from)' has none of its family" }
            ?? "'\(from)' and '\(to)' have no addresses of one family"
        Terminal.note("\(reason): weft compile \(loaded.source.name) tells which they have")
        throw ExitCode(64)
    }

    private func traceInLab(
        _ name: String, _ loaded: LoadedFile, _ question: PacketStory.Question
    ) throws -> PacketTrace {
        let record = try runningLab(name)
        let known = record.nodes.compactMap { $0["name"]?.string }
        for node in [from, to] { try checkName(node, among: known, "lab '\(name)' has no node '\(node)'") }
        try reporting { () throws(SystemError) in try Seclusion.join(process: record.process) }
        let lab = Lab(loaded.topology, source: loaded.source)
        return try converging { () throws(ApplyError) in
            try PacketTrace.run(question, in: lab, forgettingNeighbours: false)
        }
    }

    private func traceInSeclusion(_ loaded: LoadedFile, _ question: PacketStory.Question) throws -> PacketTrace {
        let workloads = try reporting { () throws(SystemError) in try Workloads(of: loaded.topology) }
        let lab = Lab(loaded.topology, source: loaded.source, workloads: workloads)
        try reporting(needing: .privileges) { () throws(SystemError) in _ = try Seclusion.enter() }
        return try converging { () throws(ApplyError) in
            try lab.up(mayPin: false, progress: Terminal.progress)
            defer { try? lab.down() }
            Terminal.progress("asking")
            return try PacketTrace.run(question, in: lab, forgettingNeighbours: true)
        }
    }
}

/// The file for Wireshark, if one is wanted, opened before anything is built: what cannot be written is said at once.
private struct TraceOutput: ~Copyable {
    private let file: OutputFile?

    static func open(_ path: String?) throws(SystemError) -> TraceOutput {
        guard let path else { return TraceOutput(file: nil) }
        return TraceOutput(file: try OutputFile(path))
    }

    func write(_ capture: @autoclosure () -> PacketCapture) throws(SystemError) {
        try file?.write(capture().bytes)
    }
}

extension ProbeProtocol: ExpressibleByArgument {}
