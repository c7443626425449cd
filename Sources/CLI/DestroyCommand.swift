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

    @Argument(
        help: "The topology: a file, a directory of fragments, or - for standard input.",
        completion: .file(extensions: ["json"]))
    var file: String?

    @OptionGroup var target: HostOptions

    @OptionGroup var lock: LockOptions

    @Option(help: "How to print what was removed.")
    var format = PlanFormat.text

    @OptionGroup var detail: DetailOptions

    func run() throws {
        let declared = try file.map { path in
            let loaded = try LoadedFile(path)
            return CompiledHost(loaded.topology, host: try loaded.host(target.host), source: nil)
        }
        let name = declared?.name ?? target.host ?? ThisProcess.hostname
        var managed = try target.managedHost(name, lock)
        let plan = try converging { () throws(ApplyError) in try managed.destroy(lost: declared) }
        let isNothing = plan.changes.isEmpty && format == .text
        Terminal.print(
            isNothing
                ? "host \(name): nothing of weft's is here\n"
                : format.render(plan, detail))
    }
}
