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
            Needs no privileges and asks no kernel. With --path it brings out the way of a packet and of its answer, and \
            where one of them is lost. \
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
        help: ArgumentHelp("Bring out the way from one container, host or server to another.", valueName: "FROM TO"))
    var path: [String] = []

    @OptionGroup var target: TargetAddress

    @Option(name: .shortAndLong, help: "Write to this file instead of standard output.", completion: .file())
    var output: String?

    func validate() throws {
        if !path.isEmpty && path.count != 2 {
            throw ValidationError("--path takes two names, FROM and TO, after the topology's file")
        }
        if path.count == 2 && path[0] == path[1] {
            throw ValidationError("FROM and TO are both '\(path[0])': nothing would leave it")
        }
        if path.isEmpty && target.address != nil { throw ValidationError("--address goes with --path") }
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
        let question = try loaded.question(from: path[0], to: path[1], at: target.wanted, by: .icmp)
        return DrawnWalk(loaded.topology.plannedNetwork.predict(question), in: Wiring(loaded.topology))
    }

    private func emit(_ text: String) throws {
        guard let output else { return Terminal.print(text) }
        try reporting { () throws(SystemError) in try replaceFile(output, with: text) }
    }
}
