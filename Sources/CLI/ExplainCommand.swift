import Applier
import ArgumentParser
import Compiler
import Netlink
import NetnsHarness
import NetworkState

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell what would become of one packet and its answer, and by which entries.",
        discussion: """
            Says from the plan alone, without a packet and without privileges, what weft trace tells of the wire: which \
            route, neighbour or forwarding entry decides at each node, and where and why it ends. With --live it goes by \
            what the kernels of a lab have at present, and names what is not as planned. Exits with 1 if there would be \
            no answer. Example: weft explain topologies/calico-two-hosts.json A1 B1
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

    @Option(help: "Of the packet, in bytes.")
    var length = 84

    @Option(help: "Explain the present state of this lab's kernels, which was made from the topology.")
    var live: String?

    @Option(help: "How to print it.")
    var format = OutputFormat.text

    func validate() throws {
        if from == to { throw ValidationError("FROM and TO are both '\(from)': nothing would leave it") }
        if let address, IPAddress(parsing: address) == nil {
            throw ValidationError("--address takes an IP address, not '\(address)'")
        }
        if !(28...65_535).contains(length) { throw ValidationError("--length takes 28 to 65535 bytes") }
    }

    func run() throws {
        let loaded = try LoadedFile(file)
        let question = try TraceCommand.question(loaded, from, to, address.flatMap { IPAddress(parsing: $0) }, means)
        let planned = loaded.topology.plannedNamespaces
        let plan = predict(question, in: loaded.topology.network(of: planned))
        let story =
            try live.map { name in
                let state = try observe(name, loaded)
                let prediction = predict(question, in: loaded.topology.network(of: state))
                return prediction.story(
                    in: loaded.topology, culprits: prediction.culprits(against: plan, in: state, planned))
            } ?? plan.story(in: loaded.topology)
        Terminal.print(format == .json ? story.json.text : story.text)
        if !story.isAnswered { throw CommandOutcome.failed.exitCode }
    }

    private func predict(_ question: PacketStory.Question, in network: ForwardingNetwork) -> Prediction {
        network.predict(question, length: length, mayBeFragmented: false)
    }

    private func observe(_ name: String, _ loaded: LoadedFile) throws -> [String: NamespaceState] {
        let record = try runningLab(name)
        try reporting { () throws(SystemError) in try Seclusion.join(process: record.process) }
        let lab = Lab(loaded.topology, source: loaded.source)
        return try converging { () throws(ApplyError) in try lab.observedNamespaces() }
    }
}
