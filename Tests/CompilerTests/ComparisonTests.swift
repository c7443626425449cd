import Foundation
import NetworkState
import TestSupport
import Testing

@testable import Compiler

/// Two of `topologies/`, the one before and the one after.
struct TopologyPair: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String

    var testDescription: String { "\(old) to \(new)" }

    func comparison() throws -> TopologyComparison {
        let (old, new) = (try TopologyFile(old).source, try TopologyFile(new).source)
        return TopologyComparison(from: try load(old), old, to: try load(new), new)
    }
}

struct ComparisonTests {
    private static let pairs = [
        TopologyPair(old: "calico-two-hosts", new: "calico-fragments"),
        TopologyPair(old: "calico-three-hosts", new: "calico-two-hosts"),
        TopologyPair(old: "calico-two-hosts", new: "calico-vxlan"),
        TopologyPair(old: "docker-nat", new: "calico-egress"),
        TopologyPair(old: "calico-two-hosts", new: "calico-dual-stack"),
    ]

    @Test(arguments: pairs)
    func `what is different reads as reviewed`(_ pair: TopologyPair) throws {
        let folder = Repository.tests.appending(path: "CompilerTests/Golden/comparisons")
        let comparison = try pair.comparison()
        expectGolden(comparison.text(), folder.appending(path: "\(pair.old)--\(pair.new).txt"))
        expectGolden(comparison.markdown, folder.appending(path: "\(pair.old)--\(pair.new).md"))
    }

    @Test(arguments: TopologyFile.all)
    func `a topology does not differ from itself`(_ file: TopologyFile) throws {
        let comparison = try TopologyPair(old: file.name, new: file.name).comparison()
        #expect(comparison.isEmpty)
        #expect(comparison.text().hasPrefix("No difference: "))
    }

    /// Group by group is how it is found; pair by pair is what is meant.
    @Test(arguments: pairs + [TopologyPair(old: "calico-borrowed", new: "calico-ipip-cross-subnet")])
    func `each pair is counted once`(_ pair: TopologyPair) throws {
        var (old, new) = (
            Passages(thorough: try load(TopologyFile(pair.old).source)),
            Passages(thorough: try load(TopologyFile(pair.new).source))
        )
        var expected: [PassageChange.Kind: Set<[String]>] = [.gained: [], .lost: [], .changed: []]
        let names = Set((old.ends + new.ends).map(\.name))
        for from in names {
            for to in names where to != from {
                for family in IPAddress.Family.allCases {
                    let before = old.passage(from: from, to: to, family)
                    let after = new.passage(from: from, to: to, family)
                    if before == after { continue }
                    let kind: PassageChange.Kind = before == nil ? .gained : after == nil ? .lost : .changed
                    expected[kind]?.insert([from, to])
                }
            }
        }
        let comparison = try pair.comparison()
        for kind in PassageChange.Kind.allCases { #expect(comparison.count(kind) == expected[kind]?.count) }
        #expect(comparison.pairs.allSatisfy { $0.count > 0 })
    }

    /// Settings apart, as a machine has some that no topology tells.
    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func `what is foretold of a host is what a plan then finds`(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let topologies = [ValidTopology.random(using: &generator), .random(using: &generator)]
        let (old, new) = (
            CompiledHost(topologies[0], host: 0, source: nil), CompiledHost(topologies[1], host: 0, source: nil)
        )
        var kernel = ModelKernel()
        // As on a machine whose kernel has ipip.
        kernel.state.insert(.link(Link(name: LinkName(known: "tunl0"), kind: .ipip, isUp: false)), in: .own)
        let first = old.plan(observed: kernel.state, ledger: Ledger(topology: "random", host: "h0"))
        kernel.execute(first)
        let found = new.plan(observed: kernel.state, ledger: first.ledger)
        expectSameLines(Self.steps(of: new.plan(after: old)), Self.steps(of: found))
    }

    private static func steps(of plan: Plan) -> String {
        let told = plan.told.filter { $0.identity.kind != "sysctl" }
        return told.map { "\($0.toldAction) \($0.name(on: plan.host))\n" }.sorted().joined()
    }

    @Test func `a server behind a changed masquerade sees somebody else`() throws {
        let source = try TopologyFile("calico-egress").source
        let plain = SourceText(
            name: source.name, text: source.text.replacing(#", "egress": "masquerade""#, with: ""))
        let comparison = TopologyComparison(from: try load(plain), plain, to: try load(source), source)
        #expect(comparison.settings.map(\.name) == ["egress"])
        #expect(comparison.pairs.map(\.kind) == [.gained, .gained])
        #expect(comparison.text().contains("+ A1, A2 -> web  A to web as 192.168.100.100, 2 pairs"))
    }

    @Test func `machines get all pairs, people the first, and nobody plans that could be mistaken for saved ones`()
        throws
    {
        let comparison = try TopologyPair(old: "calico-hundred-hosts", new: "calico-two-hosts").comparison()
        #expect(comparison.markdown.contains("more pairs: --format json has them all"))
        #expect(comparison.markdown.contains("more hosts: weft diff shows them all"))
        #expect(comparison.markdown.utf8.count < 65_536)
        #expect(comparison.text().contains("more pairs: --format json has them all"))
        let json = comparison.json
        #expect(json["summary"]?["pairsLost"] == 999_000)
        #expect(json["summary"]?["pairsGained"] == 12)
        let lost = json["pairs"]?.array?.filter { $0["kind"] == "lost" } ?? []
        #expect(lost.count == 10_000)
        #expect(lost.reduce(0) { $0 + ($1["pairs"]?.integer ?? 0) } == 999_000)
        #expect(json["hosts"]?.array?.count == 102)
        #expect(json["hosts"]?.array?.allSatisfy { Plan(json: $0) == nil } == true)
    }

}

extension Passages {
    fileprivate mutating func passage(from: String, to: String, _ family: IPAddress.Family) -> Passage? {
        guard let from = ends.firstIndex(where: { $0.name == from }), let to = ends.firstIndex(where: { $0.name == to })
        else { return nil }
        return passage(from: from, to: to, family)
    }
}
