import NetworkState
import TestSupport
import Testing

@testable import Compiler

/// Plans for machines that have nothing yet are made and printed by a shorter way than others.
struct FreshPlanTests {
    private func hosts(_ topology: ValidTopology, _ source: SourceText?) -> [CompiledHost] {
        topology.hosts.indices.prefix(5).map { CompiledHost(topology, host: $0, source: source) }
    }

    private func expectPlanners(_ host: CompiledHost) {
        let ledger = Ledger(topology: host.topology, host: host.name)
        #expect(host.offlinePlan == host.plan(observed: host.untouched, ledger: ledger))
    }

    @Test(arguments: TopologyFile.all)
    func `the plan for a machine without anything is the planner's`(_ file: TopologyFile) throws {
        let source = try file.source
        hosts(try load(source), source).forEach(expectPlanners)
    }

    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func `so it is for any topology`(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        hosts(.random(using: &generator), nil).forEach(expectPlanners)
    }

    @Test(arguments: TopologyFile.all)
    func `the places that many hosts share are those that each would look up`(_ file: TopologyFile) throws {
        let source = try file.source
        let topology = try load(source)
        let places = source.locations(of: topology.pointersOfHosts)
        for (index, host) in hosts(topology, source).enumerated() {
            let shared = CompiledHost(topology, host: index, source: source, places: places)
            #expect(shared.offlinePlan == host.offlinePlan)
        }
    }

    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func `changes are alike if they have the same words but for names and addresses`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let fresh = hosts(.random(using: &generator), nil).map(\.offlinePlan)
        for plan in fresh + RandomPlans.of(seed: seed) {
            var (words, likenesses): ([Likeness: String], [String: Likeness]) = ([:], [:])
            for change in plan.changes {
                guard let likeness = change.likeness else { continue }
                #expect(
                    words.updateValue(change.commonWords, forKey: likeness) ?? change.commonWords == change.commonWords)
                #expect(likenesses.updateValue(likeness, forKey: change.commonWords) ?? likeness == likeness)
            }
        }
    }

    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func `a plan that is written piece by piece has the same text`(_ seed: UInt64) {
        for plan in RandomPlans.of(seed: seed) + [Sample.conflicting, Sample.replacing, Sample.whole] {
            var writer = JSONWriter(.indented)
            writer.write(plan)
            expectSameLines(String(decoding: writer.takeBytes(), as: UTF8.self) + "\n", plan.json.text)
        }
    }
}
