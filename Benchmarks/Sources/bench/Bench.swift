import Foundation
import Measuring

@main
struct Bench {
    static func main() throws {
        guard let options = Options(Array(CommandLine.arguments.dropFirst())) else {
            tell(Options.usage)
            exit(64)
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "weft-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let catalogue = Catalogue(topologies: Topologies(folder: folder))
        let unknown = options.only.filter { name in !catalogue.all.contains { $0.name == name } }
        guard unknown.isEmpty else {
            tell("bench: there is no benchmark \(unknown.joined(separator: ", ")): --list tells which there are\n")
            exit(64)
        }
        if options.isList { return print(catalogue.all.map { "\($0.name): \($0.heading)" }.joined(separator: "\n")) }
        let isSound = try measure(catalogue.all, options, in: folder)
        if !isSound { exit(1) }
    }

    /// Whether weft and the yardsticks did all that they were asked for.
    private static func measure(_ all: [Benchmark], _ options: Options, in folder: URL) throws -> Bool {
        let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../..").standardizedFileURL
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let surroundings = Surroundings(
            weft: options.weft.map { URL(fileURLWithPath: $0).path }
                ?? repository.appending(path: ".build/release/weft").path,
            yardstick: own.deletingLastPathComponent().appending(path: "yardstick").path, folder: folder,
            limit: options.limit, patience: options.isSmoke ? 0 : 30)
        let rounds = Rounds(
            options.isSmoke ? 1 : options.rounds, isThere: surroundings.isThere, progress: { tell("\($0)\n") },
            run: surroundings.run)
        let machine = Report.Machine.current(repository: repository)
        var outcomes: [Outcome] = []
        for benchmark in all where options.only.isEmpty || options.only.contains(benchmark.name) {
            let outcome = rounds.measure(benchmark, sizes: options.isSmoke ? benchmark.smallSizes : benchmark.sizes)
            outcomes.append(outcome)
            if options.isSmoke { continue }
            // Whoever has no time for the rest has what is measured by then.
            try put(Report(machine: machine, rounds: options.rounds, outcomes: [outcome]), options)
        }
        return options.isSmoke ? conclude(outcomes) : true
    }

    private static func put(_ report: Report, _ options: Options) throws {
        if let output = options.output {
            try Documents(folder: URL(fileURLWithPath: output)).write(report)
        } else {
            print(report.markdown { _ in nil })
        }
    }

    /// Tells what was skipped, and fails for what should not have been.
    private static func conclude(_ outcomes: [Outcome]) -> Bool {
        var isSound = true
        for outcome in outcomes {
            // What others have made may be of any version, and is not this project's.
            let own = outcome.benchmark.contestants.filter { $0.needs.allSatisfy { $0.hasPrefix("/dev/") } }.map(\.name)
            let name = outcome.benchmark.name
            for omission in outcome.omissions {
                let isLack = omission.reason.hasPrefix("there is no")
                let isBad = own.contains(omission.contestant) && !isLack
                isSound = isSound && !isBad
                print("\(name): \(omission.contestant) \(isBad ? "failed" : "left out"): \(omission.reason)")
            }
            let works = own.filter { contestant in
                outcome.benchmark.phases.contains { phase in
                    outcome.sizes.contains { !outcome.samples(phase.name, at: $0, of: contestant).isEmpty }
                }
            }
            print("\(name): \(works.joined(separator: " and ")) did it")
        }
        return isSound
    }

    static func tell(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
