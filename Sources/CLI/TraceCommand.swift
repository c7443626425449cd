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

    @OptionGroup var question: QuestionOptions

    @Option(help: "Ask in this lab, which was made from the topology.")
    var lab: String?

    @Option(
        name: .customShort("w"), help: "Write what passed meanwhile to this file, as pcapng for Wireshark.",
        completion: .file())
    var capture: String?

    func run() throws {
        ThisProcess.spareMemory()
        let loaded = try LoadedFile(question.file)
        let asked = try question.question(in: loaded)
        let output = try reporting { () throws(SystemError) in try TraceOutput.open(capture) }
        let trace = try lab.map { try traceInLab($0, loaded, asked) } ?? traceInSeclusion(loaded, asked)
        Terminal.endProgress()
        question.print(trace.story)
        try reporting { () throws(SystemError) in try output.write(trace.capture) }
        if !trace.story.isAsExpected { throw CommandOutcome.failed.exitCode }
    }

    private func traceInLab(
        _ name: String, _ loaded: LoadedFile, _ question: PacketStory.Question
    ) throws -> PacketTrace {
        let record = try runningLab(name)
        let known = record.nodes.compactMap { $0["name"]?.string }
        for node in [question.from, question.to] {
            try checkName(node, among: known, "lab '\(name)' has no node '\(node)'")
        }
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
