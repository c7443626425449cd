import ArgumentParser
import Compiler
import Netlink
import NetworkState

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Validate topologies: every mistake at once, with its place and a way out.",
        discussion: """
            Predicts from the plan what becomes of packets between all containers and servers, too, and tells which pairs \
            do not fare as they should: one pair for each cause, the cause, and how many pairs it has; with --failures \
            also which pairs a single failure would take with it. Needs no privileges and asks no kernel. \
            Example: weft check topologies/*.json
            """
    )

    @Argument(
        help: "Topologies: files, directories of fragments, or - for standard input.",
        completion: .file(extensions: ["json"]))
    var files: [String]

    @Flag(help: "Warn of pairs that would be lost with a single router, host, switch or wire that is not their own.")
    var failures = false

    @Option(help: "How to print the result.")
    var format = OutputFormat.text

    func run() throws {
        var isValid = true
        for file in files {
            do {
                let loaded = try LoadedFile(file, format: format)
                let findings = findings(of: loaded.topology)
                if findings.hasErrors { isValid = false }
                print(findings, of: loaded, file)
            } catch let code as ExitCode where code == CommandOutcome.invalidTopology.exitCode {
                isValid = false
            }
        }
        if !isValid { throw CommandOutcome.invalidTopology.exitCode }
    }

    private func findings(of topology: ValidTopology) -> Diagnostics {
        let single = failures ? FailureCheck(topology).findings : []
        return (ReachabilityCheck(topology).findings + single).diagnostics(in: topology)
    }

    private func print(_ findings: Diagnostics, of loaded: LoadedFile, _ file: String) {
        switch format {
        case .json:
            var all = loaded.warnings
            for finding in findings.all { all.report(finding) }
            Terminal.print(all.json(in: loaded.source).text)
        case .text:
            LoadedFile.print(findings, in: loaded.source, format: format)
            let verdict = findings.hasErrors ? "fails" : "valid"
            Terminal.print("\(file): \(loaded.topology.outline): \(verdict)\n")
        }
    }
}

extension ValidTopology {
    /// `2 hosts, 4 containers, 1 segment`
    fileprivate var outline: String {
        let counts = [
            counted(hosts.count, "host"),
            counted(hosts.reduce(0) { $0 + $1.containers.count }, "container"),
            counted(segments.count, "segment"),
            routers.isEmpty ? nil : counted(routers.count, "router"),
        ]
        return counts.compactMap(\.self).joined(separator: ", ")
    }
}
