import ArgumentParser
import Compiler
import NetworkState

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Validate topologies: every mistake at once, with its place and a way out.",
        discussion: "Needs no privileges and asks no kernel. Example: weft check topologies/*.json"
    )

    @Argument(
        help: "Topologies: files, directories of fragments, or - for standard input.",
        completion: .file(extensions: ["json"]))
    var files: [String]

    @Option(help: "How to print the result.")
    var format = OutputFormat.text

    func run() throws {
        var isValid = true
        for file in files {
            do {
                let loaded = try LoadedFile(file, format: format)
                if format == .text { Terminal.print("\(file): \(loaded.topology.outline)\n") }
                if format == .json { Terminal.print(JSON.array([]).text) }
            } catch let code as ExitCode where code == CommandOutcome.invalidTopology.exitCode {
                isValid = false
            }
        }
        if !isValid { throw CommandOutcome.invalidTopology.exitCode }
    }
}

extension ValidTopology {
    /// `2 hosts, 4 containers, 1 segment: valid`
    fileprivate var outline: String {
        let counts = [
            counted(hosts.count, "host"),
            counted(hosts.reduce(0) { $0 + $1.containers.count }, "container"),
            counted(segments.count, "segment"),
            routers.isEmpty ? nil : counted(routers.count, "router"),
        ]
        return counts.compactMap(\.self).joined(separator: ", ") + ": valid"
    }
}
