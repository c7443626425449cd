import Applier
import ArgumentParser
import Compiler
import Netlink
import NetnsHarness
import NetworkState

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure in namespaces of this machine.",
        subcommands: [BenchModelsCommand.self])
}

struct BenchModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Compare what the network models cost on this machine.",
        discussion: """
            The same two hosts with a container each, once under each model: TCP throughput, small UDP packets, round \
            trips and processor time, as medians of rounds in which the models take turns, and as ratios to plain \
            routing (calico). What cannot run here is listed with the reason. Nothing else should be running. \
            Example: weft bench models --svg models.svg
            """
    )

    @Option(help: "How many seconds each run counts; a quarter more is warm-up.")
    var seconds = 1.0

    @Option(help: "How often each run is repeated.")
    var repeats = 5

    @Option(help: "Profiles to measure, separated by commas; by default all. calico is always among them.")
    var models: String?

    @Option(help: "How to print the result.")
    var format = BenchFormat.text

    @Option(help: "Draw the ratios into this file.", completion: .file(extensions: ["svg"]))
    var svg: String?

    func validate() throws {
        guard (0.01...60).contains(seconds) else { throw ValidationError("--seconds takes a number from 0.01 to 60") }
        guard (1...1000).contains(repeats) else { throw ValidationError("--repeats takes a number from 1 to 1000") }
        _ = try profiles
    }

    private var profiles: [NetworkModel.Profile] {
        get throws {
            let all = NetworkModel.Profile.allCases
            guard let models else { return all }
            let wanted = models.split(separator: ",").map { $0.filter { $0 != " " } }
            for name in wanted where !all.contains(where: { $0.rawValue == name }) {
                let hint = didYouMean(name, among: all.map(\.rawValue))
                let known = all.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--models: no profile is called '\(name)'; \(hint ?? "there are \(known)")")
            }
            return all.filter { $0 == .calico || wanted.contains($0.rawValue) }
        }
    }

    func run() throws {
        let profiles = try profiles
        let output = try svg.map { path in try reporting { () throws(SystemError) in try OutputFile(path) } }
        // This moves the process into namespaces of its own, where the labs then live.
        let features = KernelFeatures.observe()
        try reporting(needing: .privileges) { () throws(SystemError) in _ = try Seclusion.enter() }
        let outlooks = profiles.map { ProfileOutlook($0, on: features) }
        let report = try measure(outlooks)
        Terminal.print(format.render(report))
        if let output { try reporting { () throws(SystemError) in try output.write(BenchPlot(report).svg) } }
    }

    private func measure(_ outlooks: [ProfileOutlook]) throws -> BenchReport {
        let bench = ModelBench(duration: .seconds(seconds), rounds: repeats)
        var setup = BenchSetup(in: "/run/bench")
        for subject in [.hosts] + outlooks.filter(\.isPossible).map({ BenchSubject.profile($0.profile) }) {
            Terminal.progress("lab \(subject.name)")
            setup.add(subject)
        }
        let figures = try reporting { () throws(SystemError) in
            let figures = try bench.measure(try setup.openPaths(), progress: Terminal.progress)
            try setup.down()
            return figures
        }
        Terminal.endProgress()
        let report = BenchReport(
            outlooks, figures: figures, obstacles: setup.obstacles, bench: bench, machine: ThisProcess.machine)
        guard report[.baseline] != nil else {
            Terminal.print(report.text)
            throw CommandOutcome.lacking.exitCode
        }
        return report
    }
}

enum BenchFormat: String, ExpressibleByArgument, CaseIterable {
    /// For people.
    case text
    /// For programs.
    case json
    /// For a document.
    case markdown

    func render(_ report: BenchReport) -> String {
        switch self {
        case .text: report.text
        case .json: report.json.text
        case .markdown: report.markdown
        }
    }
}
