import Applier
import ArgumentParser
import Compiler
import Netlink
import NetnsHarness
import NetworkState

struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Build topologies in namespaces, apply every host, and prove who reaches whom.",
        discussion: """
            Every ordered pair of containers is probed by ICMP, TCP and UDP, and each host with its own containers. \
            Nothing is left behind, even when killed. Example: weft test topologies/calico-two-hosts.json
            """
    )

    @Argument(
        help: "Topologies: files, directories of fragments, or - for standard input.",
        completion: .file(extensions: ["json"]))
    var files: [String]

    @Option(help: "Write the results here as JSON: an array with an element a topology.", completion: .file())
    var json: String?

    @Option(help: "Write the results here as JUnit XML, for GitLab and GitHub.", completion: .file())
    var junit: String?

    @Option(help: "Write the results here as a web page of one file.", completion: .file())
    var html: String?

    @Option(help: "What to print: text, workflow annotations for GitHub, or JSON.")
    var format = TestFormat.text

    @Option(help: "Probe at most so many ordered pairs of containers; of more, a sample.")
    var pairs = PairSelection.standardLimit

    @Flag(name: .customLong("strict-skip"), help: "Exit with 1 if a topology could not be tested here.")
    var strictSkip = false

    func validate() throws {
        if pairs < 1 { throw ValidationError("--pairs takes a number from 1") }
    }

    func run() throws {
        ThisProcess.spareMemory()
        let loaded = try files.map { try LoadedFile($0) }
        let outputs = try TestOutputs.open(json: json, junit: junit, html: html)
        let labs = try loaded.map { file in
            let workloads = try reporting { () throws(SystemError) in try Workloads(of: file.topology) }
            return Lab(file.topology, source: file.source, workloads: workloads)
        }
        try reporting(needing: .privileges) { () throws(SystemError) in _ = try Seclusion.enter() }
        let reports = try labs.map(prove)
        if format == .json { Terminal.print(JSON.array(reports.map(\.json)).text) }
        try outputs.write(zip(loaded, reports).map { FiledReport(file: $0.source.name, report: $1) })
        let isSkipped = reports.contains { $0.skipped > 0 }
        if reports.contains(where: { $0.failed > 0 }) || (strictSkip && isSkipped) {
            throw CommandOutcome.failed.exitCode
        }
        if reports.allSatisfy({ $0.passed == 0 }) { throw CommandOutcome.nothingProved.exitCode }
    }

    private func prove(_ lab: Lab) throws -> ReachabilityReport {
        let test = TopologyTest(lab, pairLimit: pairs)
        var lack: String?
        let isPinned = try converging { () throws(ApplyError) in
            do throws(ApplyError) {
                return try lab.up(hostPairs: test.hostPairs, progress: Terminal.progress)
            } catch {
                guard let obstacle = error.obstacle else { throw error }
                lack = obstacle
                return false
            }
        }
        Terminal.progress("probing")
        let report = try converging { () throws(ApplyError) in
            if let lack { return test.skipped(because: lack) }
            return try test.run(progress: Terminal.progress)
        }
        try reporting { () throws(SystemError) in try lab.down() }
        Terminal.endProgress()
        if isPinned { Terminal.note(Self.pinNote) }
        if format != .json {
            if files.count > 1 { Terminal.print("== \(lab.source.name)\n") }
            Terminal.print(report.text())
        }
        if format == .github { Terminal.print(FiledReport(file: lab.source.name, report: report).annotations) }
        return report
    }

    static let pinNote = """
        this many containers would overflow the kernel's neighbour table (gc_thresh3), so the lab has filled in the \
        neighbours that ARP would have found
        """
}

extension ApplyError {
    /// Why a topology could not be tested here, where that says nothing against it.
    fileprivate var obstacle: String? {
        switch self {
        case .lacking(let feature, let reason):
            "this kernel has no \(feature.rawValue) (\(reason)); way out: \(feature.remedy)"
        case .absentWorkloads: "\(self)".split(separator: "\n").joined(separator: "; ")
        default: nil
        }
    }
}
