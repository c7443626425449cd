import Applier
import ArgumentParser
import Compiler
import Netlink
import NetnsHarness
import NetworkState

struct DestroyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "destroy",
        abstract: "Remove exactly what weft has made on a host, and put back what it has changed.",
        discussion: """
            The ledger says what that is; the topology file is needed only where the ledger is lost. \
            Example: weft destroy --host A
            """
    )

    @Argument(help: "The topology file; - for standard input.", completion: .file(extensions: ["json"]))
    var file: String?

    @OptionGroup var target: HostOptions

    @Option(help: "How to print what was removed.")
    var format = PlanFormat.text

    func run() throws {
        let loaded = try file.map { try LoadedFile($0) }
        let name = try loaded.map { $0.topology.hosts[try $0.host(target.host)].name } ?? target.host
            ?? ThisProcess.hostname
        let topology = loaded?.topology
        let declared = loaded.map { CompiledHost($0.topology, host: index(of: name, in: $0.topology), source: nil) }
        var managed = try target.managedHost(name)
        let plan = try converging { () throws(ApplyError) in
            try managed.destroy(topology: topology?.name, known: declared?.declaration.state ?? HostState())
        }
        Terminal.print(
            plan.changes.isEmpty && format == .text
                ? "host \(name): nothing of weft's is here\n"
                : format.render(plan, isColoured: Terminal.isColoured(Terminal.output)))
    }

    private func index(of name: String, in topology: ValidTopology) -> Int {
        topology.hosts.firstIndex { $0.name == name } ?? 0
    }
}
