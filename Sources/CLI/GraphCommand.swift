import ArgumentParser
import Compiler
import Netlink
import NetnsHarness
import NetworkState

struct GraphCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        /// Laid out by weft; and, for others to lay out, Graphviz's and Mermaid's languages.
        case svg, dot, mermaid
    }

    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Draw a topology: its networks, machines, containers and tunnels.",
        discussion: """
            Needs no privileges and asks no kernel. With --path it brings out the way of a packet and of its answer. \
            Example: weft graph topologies/calico-two-hosts.json --path A1 B1 -o two-hosts.svg
            """
    )

    @Argument(
        help: "The topology: a file, a directory of fragments, or - for standard input.",
        completion: .file(extensions: ["json"]))
    var file: String

    @Option(help: "How to draw it: svg, dot (Graphviz) or mermaid.")
    var format = Format.svg

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Bring out the way from one container or server to another.", valueName: "FROM TO"))
    var path: [String] = []

    @Option(name: .shortAndLong, help: "Write to this file instead of standard output.", completion: .file())
    var output: String?

    func validate() throws {
        if !path.isEmpty && path.count != 2 {
            throw ValidationError("--path takes two names, FROM and TO, after the topology's file")
        }
        if path.count == 2 && path[0] == path[1] {
            throw ValidationError("FROM and TO are both '\(path[0])': nothing would leave it")
        }
    }

    func run() throws {
        let loaded = try LoadedFile(file)
        let walk = path.isEmpty ? nil : try walk(loaded)
        switch format {
        case .svg: try emit(Picture(loaded.topology, walk: walk).svg)
        case .dot: try emit(Diagram(loaded.topology, walk: walk).dot)
        case .mermaid: try emit(Diagram(loaded.topology, walk: walk).mermaid)
        }
    }

    private func walk(_ loaded: LoadedFile) throws -> DrawnWalk {
        let (topology, name) = (loaded.topology, loaded.source.name)
        let known = topology.hosts.flatMap(\.containers).map(\.name) + topology.servers.map(\.name)
        for end in path { try checkName(end, among: known, "\(name) has no container or server '\(end)'") }
        guard let question = topology.question(from: path[0], to: path[1], by: .icmp) else {
            Terminal.note("'\(path[0])' and '\(path[1])' have no addresses of one family")
            throw ExitCode(64)
        }
        let passage = ExpectedWays(topology).passage(
            from: question.from, at: question.source, to: question.to, at: question.destination)
        guard let passage else {
            Terminal.note("nothing gets from '\(path[0])' to '\(path[1])' and back, so there is no way to draw")
            throw CommandOutcome.failed.exitCode
        }
        return DrawnWalk(passage, in: Wiring(topology))
    }

    private func emit(_ text: String) throws {
        guard let output else { return Terminal.print(text) }
        try reporting { () throws(SystemError) in try replaceFile(output, with: text) }
    }
}
