import Compiler
import Foundation
import NetworkState
import Synchronization
import TestSupport
import Testing

@testable import NetnsHarness

/// The forwarding model against a real kernel, in topologies that nobody has thought of, tampered with at random.
///
/// `WEFT_RANDOM_LABS=5000` has so many of them, `WEFT_RANDOM_SEED=17` the one of that seed, and both as many from that on.
@Suite(.namespaces)
struct RandomPredictionTests {
    struct Batch: Sendable, CustomTestStringConvertible {
        let seeds: ClosedRange<UInt64>

        var testDescription: String { "seeds \(seeds.lowerBound) to \(seeds.upperBound)" }

        private static let environment = ProcessInfo.processInfo.environment

        /// More where they are asked for; the first is the same.
        static let rounds = (environment["WEFT_RANDOM_LABS"] ?? environment["WEFT_RANDOM_SEED"]) == nil ? 1 : 2

        /// Few at a time, so that a batch is a while and no more.
        static let all: [Batch] = {
            let seed = environment["WEFT_RANDOM_SEED"].flatMap(UInt64.init)
            let count = environment["WEFT_RANDOM_LABS"].flatMap(UInt64.init) ?? (seed == nil ? 200 : 1)
            let (first, end) = (seed ?? 1, (seed ?? 1) + max(count, 1))
            return stride(from: first, to: end, by: 25).map { Batch(seeds: $0...min($0 + 24, end - 1)) }
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

    /// The kernels' own, but that all links are taken to be up.
    @Test func `a wrong idea of one link is found out, and made as small as it gets`() throws {
        var generator = SeededGenerator(seed: 1)
        let topology = TopologyDrawing.topology(using: &generator) { topology in
            topology.model.encapsulation == .none && topology.hosts.count == 2
                && topology.hosts.allSatisfy { $0.containers.count > 1 && $0.containers[0].families == [.v4] }
        }
        let model: RandomLab.Model = { topology, namespaces in
            topology.network(of: namespaces.mapValues(\.withLinksUp))
        }
        let link = Link(name: LinkName(known: "eth0"), isUp: false)
        let entry = Neighbour(
            IPAddress(v4: 0x0a01_0101), device: link.name, linkLayerAddress: MACAddress(bits: 0x0200_0000_0001))
        let tamperings = [
            Tampering("B1", setting: .neighbour(entry)), Tampering("A1", setting: .link(link)),
            Tampering("A", setting: .neighbour(entry)),
        ]
        let found = try #require(try RandomLab(topology: topology, model: model).run(after: tamperings))
        var shrinking = Shrinking(found, model, within: .seconds(60))
        shrinking.run()
        let smallest = shrinking.smallest
        #expect(smallest.tamperings == [tamperings[1]], "\(smallest)")
        #expect(smallest.topology["hosts"]?.array?.count == 1, "\(smallest)")
        #expect(smallest.topology["hosts"]?.array?[0]["containers"]?.array?.count ?? 0 <= 2, "\(smallest)")
        #expect(!smallest.differences.isEmpty)
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
        let (compared, found) = try lab.run(rounds: Batch.rounds, using: &generator)
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

extension NamespaceState {
    fileprivate var withLinksUp: NamespaceState {
        var state = self
        for var link in links.unordered {
            link.isUp = true
            state.links.insert(link)
        }
        return state
    }
}
