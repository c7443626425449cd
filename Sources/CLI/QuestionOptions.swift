import ArgumentParser
import Compiler
import NetnsHarness
import NetworkState

/// Who of a topology is to ask whom, and how what becomes of it is told.
struct QuestionOptions: ParsableArguments {
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

    @OptionGroup var target: TargetAddress

    @Option(help: "How to print it.")
    var format = OutputFormat.text

    @Flag(help: "The same as --format json.")
    var json = false

    func validate() throws {
        if from == to { throw ValidationError("FROM and TO are both '\(from)': nothing would leave it") }
    }

    func question(in loaded: LoadedFile) throws -> PacketStory.Question {
        try loaded.question(from: from, to: to, at: target.wanted, by: means)
    }

    func print(_ story: PacketStory) {
        Terminal.print(json || format == .json ? story.json.text : story.text)
    }
}

/// Which address of one that may have several.
struct TargetAddress: ParsableArguments {
    @Option(help: "Which of TO's addresses to ask; by default the first that FROM has one of the same family as.")
    var address: String?

    var wanted: IPAddress? { address.flatMap { IPAddress(parsing: $0) } }

    func validate() throws {
        if let address, wanted == nil { throw ValidationError("--address takes an IP address, not '\(address)'") }
    }
}

extension LoadedFile {
    /// Exits with 64 if there is no such node, or nothing to ask.
    ///
    /// - `wanted`: which of `to`'s addresses to ask; nil for the first that can be.
    func question(
        from: String, to: String, at wanted: IPAddress?, by means: ProbeProtocol
    ) throws -> PacketStory.Question {
        for name in [from, to] {
            try checkName(
                name, among: topology.traceableNodes, "\(source.name) has no container, host or server '\(name)'")
        }
        if let question = topology.question(from: from, to: to, at: wanted, by: means) { return question }
        let reason =
            wanted.map { "'\(to)' has not the address \($0), or '\(from)' has none of its family" }
            ?? "'\(from)' and '\(to)' have no addresses of one family"
        Terminal.note("\(reason): weft compile \(source.name) tells which they have")
        throw ExitCode(64)
    }
}

extension ProbeProtocol: ExpressibleByArgument {}
