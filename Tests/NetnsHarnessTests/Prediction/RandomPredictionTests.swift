import Compiler
import Foundation
import NetworkState
import Synchronization
import TestSupport
import Testing

@testable import NetnsHarness

/// The forwarding model against a real kernel, in topologies that nobody has thought of, tampered with at random.
///
/// `WEFT_RANDOM_LABS=5000` has so many, and `WEFT_RANDOM_SEED=17` the one of that seed.
@Suite(.namespaces)
struct RandomPredictionTests {
    struct Batch: Sendable, CustomTestStringConvertible {
        let seeds: ClosedRange<UInt64>

        var testDescription: String { "seeds \(seeds.lowerBound) to \(seeds.upperBound)" }

        /// Few at a time, so that a batch is a while and no more.
        static let all: [Batch] = {
            let environment = ProcessInfo.processInfo.environment
            if let seed = environment["WEFT_RANDOM_SEED"].flatMap(UInt64.init) { return [Batch(seeds: seed...seed)] }
            let count = max(environment["WEFT_RANDOM_LABS"].flatMap(UInt64.init) ?? 200, 1)
            return stride(from: 1, through: count, by: 25).map { Batch(seeds: $0...min($0 + 24, count)) }
        }()
    }

    /// Of all batches.
    private static let tally = Mutex((labs: 0, pairs: 0))

    @Test(arguments: Batch.all)
    func `packets of random topologies go as predicted, whatever is tampered with`(_ batch: Batch) throws {
        for seed in batch.seeds {
            let (compared, disagreement) = try Self.run(seed) { $0.network(of: $1) }
            if let disagreement { Issue.record("\(disagreement)") }
            let count = Batch.all.reduce(0) { $0 + $1.seeds.count }
            Self.tally.withLock { tally in
                tally.labs += 1
                tally.pairs += compared
                if tally.labs == count { print("random topologies: \(count) labs, \(tally.pairs) pairs compared") }
            }
        }
    }

    /// In words, made as small as it gets.
    private static func run(
        _ seed: UInt64, _ model: @escaping RandomLab.Model
    ) throws -> (compared: Int, disagreement: String?) {
        var generator = SeededGenerator(seed: seed)
        let topology = TopologyDrawing.topology(using: &generator) { topology in
            topology.model.neededFeatures.allSatisfy(ThisKernel.has)
        }
        let lab = RandomLab(topology: topology, model: model)
        let (compared, found) = try lab.run(rounds: 2, using: &generator)
        guard let found else { return (compared, nil) }
        var shrinking = Shrinking(found, model, within: .seconds(60))
        shrinking.run()
        let state = shrinking.isFinished ? "the smallest that shows it" : "which may be made smaller"
        return (compared, "WEFT_RANDOM_SEED=\(seed): \(shrinking.smallest), \(state)")
    }
}

extension RandomLab.Disagreement: CustomStringConvertible {
    var description: String {
        let done = tamperings.isEmpty ? "as declared" : "after\n" + tamperings.map { "  \($0)\n" }.joined()
        let all = differences.map { "  \($0)\n" }.joined()
        return "otherwise than predicted:\n\(all)\(done)\nin\n\(topology.line)"
    }
}
