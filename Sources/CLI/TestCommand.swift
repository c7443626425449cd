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

    @Option(
        help: "Write here what was seen of each failure, for Wireshark: a pcapng file each.", completion: .directory)
    var evidence: String?

    @Option(help: "What to print: text, workflow annotations for GitHub, or JSON.")
    var format = TestFormat.text

    @Option(help: "Probe at most so many ordered pairs of containers; of more, a sample.")
    var pairs = PairSelection.standardLimit

    @Option(
        help: ArgumentHelp(
            "Probe by these alone, with commas; what is expected of the others is told as skipped.", valueName: "list"))
    var protocols = ProtocolList.all

    @Option(help: "Prove so many topologies at the same time.")
    var jobs = 1

    @Flag(
        name: .customLong("keep-on-fail"),
        help: "Keep the labs of topologies that fail, as weft lab up would have left them.")
    var keepsOnFail = false

    @Flag(name: .customLong("strict-skip"), help: "Exit with 1 if a topology could not be tested here.")
    var strictSkip = false

    func validate() throws {
        if pairs < 1 { throw ValidationError("--pairs takes a number from 1") }
        try protocols.validate()
        if jobs < 1 { throw ValidationError("--jobs takes a number from 1") }
    }

    func run() throws {
        ThisProcess.spareMemory()
        let loaded = try files.map { try LoadedFile($0) }
        let outputs = try TestOutputs.open(json: json, junit: junit, html: html)
        let labs = try loaded.map { file in
            let workloads = try reporting { () throws(SystemError) in try Workloads(of: file.topology) }
            return Lab(file.topology, source: file.source, workloads: workloads)
        }
        ThisProcess.giveBackMemory()
        let keeper = keepsOnFail ? try reporting { () throws(SystemError) in try LabKeeper() } : nil
        let audience = ProofAudience(format, isOfMany: files.count > 1, try evidence.map { try EvidenceFolder($0) })
        try reporting(needing: .privileges) { () throws(SystemError) in _ = try Seclusion.enter() }
        let run = TestRun(
            labs, jobs: jobs, pairLimit: pairs, protocols: protocols.protocols,
            keepsPackets: evidence != nil || html != nil, keeper: keeper)
        let end = audience.attend(run, labs)
        let reports = audience.reports
        if format == .json { reports.map(\.report).writeJSON { Terminal.print($0) } }
        try outputs.write(reports)
        if let end { throw end }
        try judge(reports.map(\.report))
    }

    private func judge(_ reports: [ReachabilityReport]) throws {
        let isSkipped = reports.contains { $0.skipped > 0 }
        if reports.contains(where: { $0.failed > 0 }) || (strictSkip && isSkipped) {
            throw CommandOutcome.failed.exitCode
        }
        if reports.allSatisfy({ $0.passed == 0 }) { throw CommandOutcome.nothingProved.exitCode }
    }
}
