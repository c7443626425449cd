package import Foundation

/// All that was measured, where and of what.
package struct Report: Sendable {
    package struct Machine: Hashable, Sendable, Codable {
        package let processor: String
        package let cores: Int
        package let kernel: String
        package let commit: String

        package init(processor: String, cores: Int, kernel: String, commit: String) {
            self.processor = processor
            self.cores = cores
            self.kernel = kernel
            self.commit = commit
        }
    }

    package let machine: Machine
    package let rounds: Int
    package let outcomes: [Outcome]

    package init(machine: Machine, rounds: Int, outcomes: [Outcome]) {
        self.machine = machine
        self.rounds = rounds
        self.outcomes = outcomes
    }
}

extension Report {
    fileprivate struct Entry: Encodable {
        let benchmark: String
        let phase: String
        let unit: String
        let size: Int
        let contestant: String
        let seconds: Figure
        let processorSeconds: Figure
        let mebibytes: Figure
        /// Of the same rounds; missing where there is nothing to compare with, or it is that itself.
        let ratio: Figure?
        let ratioTo: String?
    }

    fileprivate struct Shown: Encodable {
        let benchmark: String
        let phase: String
        let target: String
        let reached: Double
        let met: Bool
    }

    private struct Skip: Encodable {
        let benchmark: String
        let contestant: String
        let reason: String
    }

    private struct Whole: Encodable {
        let machine: Machine
        let rounds: Int
        let results: [Entry]
        let targets: [Shown]
        let skipped: [Skip]
    }

    /// Equal results give equal bytes.
    package var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let whole = Whole(
                machine: machine, rounds: rounds, results: outcomes.flatMap(\.entries),
                targets: outcomes.flatMap(\.shown),
                skipped: outcomes.flatMap { outcome in
                    outcome.omissions.map {
                        Skip(benchmark: outcome.benchmark.name, contestant: $0.contestant, reason: $0.reason)
                    }
                })
            return try encoder.encode(whole) + Data("\n".utf8)
        }
    }
}

extension Outcome {
    /// What others are compared with in a phase: the first that has figures.
    package func standard(_ phase: String, at size: Int) -> String? {
        benchmark.contestants.first { seconds(phase, at: size, of: $0.name) != nil }?.name
    }

    /// Every size, phase and contestant that has figures.
    fileprivate var entries: [Report.Entry] {
        benchmark.phases.flatMap { phase in
            sizes.flatMap { size in benchmark.contestants.compactMap { entry(phase.name, size, $0.name) } }
        }
    }

    private func entry(_ phase: String, _ size: Int, _ contestant: String) -> Report.Entry? {
        let samples = samples(phase, at: size, of: contestant)
        guard let seconds = Figure(samples.map(\.seconds)),
            let processor = Figure(samples.map(\.processorSeconds)),
            let mebibytes = Figure(samples.map(\.mebibytes))
        else { return nil }
        let standard = standard(phase, at: size).flatMap { $0 == contestant ? nil : $0 }
        return Report.Entry(
            benchmark: benchmark.name, phase: phase, unit: benchmark.unit, size: size, contestant: contestant,
            seconds: seconds, processorSeconds: processor, mebibytes: mebibytes,
            ratio: standard.flatMap { ratio(phase, at: size, of: contestant, over: $0) }, ratioTo: standard)
    }

    fileprivate var shown: [Report.Shown] {
        benchmark.phases.flatMap { phase in
            phase.targets.compactMap { target in
                verdict(on: target, of: phase.name).map { verdict in
                    Report.Shown(
                        benchmark: benchmark.name, phase: phase.name, target: target.text(unit: benchmark.unit),
                        reached: verdict.reached, met: verdict.isMet)
                }
            }
        }
    }
}
