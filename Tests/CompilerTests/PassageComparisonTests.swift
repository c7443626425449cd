import NetworkState
import TestSupport
import Testing

@testable import Compiler

/// Differences between two topologies are found by classes of ends, and where a change is known to touch few pairs, among those
/// alone. What is meant is each pair by a walk of its own.
struct PassageComparisonTests {
    private struct Difference: Hashable {
        let from: String
        let to: String
        let family: IPAddress.Family
        let before: Passage?
        let after: Passage?
    }

    @Test func `what a random edit does to pairs is what walking each of them tells`() throws {
        var confined = 0
        for seed in 1...200 as ClosedRange<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let json = TopologyDrawing.topology(using: &generator) { $0.hosts.count > 1 }
            let edited = try #require(Self.edited(json, using: &generator))
            let (old, new) = (try Self.topology(json), try Self.topology(edited))
            var comparison = PassageComparison(SurveyPair(from: old, to: new), from: old, to: new)
            if comparison.isConfined { confined += 1 }
            let found = Set(comparison.changes().changes.flatMap(Self.pairs))
            let meant = Self.differences(from: old, to: new)
            #expect(found == meant, "seed \(seed): \(json.text) to \(edited.text)")
        }
        // Without these, nothing is said of confinement.
        #expect(confined > 40)
    }

    /// Two containers less on one of a hundred hosts.
    @Test func `what changes on one host is looked for among its own pairs`() throws {
        let file = try TopologyFile("calico-hundred-hosts").source
        let hosts = #"{ "name": "h{001..100}", "links": [{ "segment": "lan" }], "containers": 10 }"#
        let fewer = file.text.replacing(
            hosts,
            with: hosts.replacing("100", with: "099") + ", "
                + hosts.replacing("{001..100}", with: "100")
                .replacing("10 }", with: "8 }"))
        let (old, new) = (try load(file), try load(SourceText(name: file.name, text: fewer)))
        var comparison = PassageComparison(SurveyPair(from: old, to: new), from: old, to: new)
        #expect(comparison.isConfined)
        #expect(comparison.changes().counts == [.lost: 1_000 * 999 - 998 * 997])
    }

    private static func topology(_ json: JSON) throws -> ValidTopology {
        try load(SourceText(name: "random.json", text: json.text))
    }

    private static func pairs(_ change: PassageChange) -> [Difference] {
        change.from.flatMap { from in
            change.to.filter { $0 != from }.map { to in
                Difference(from: from, to: to, family: change.family, before: change.before, after: change.after)
            }
        }
    }

    private static func differences(from old: ValidTopology, to new: ValidTopology) -> Set<Difference> {
        var sides = [Passages(thorough: old), Passages(thorough: new)]
        let places = sides.map { Dictionary(uniqueKeysWithValues: zip($0.ends.map(\.name), $0.ends.indices)) }
        let names = Set(places.flatMap(\.keys))
        var differences: Set<Difference> = []
        for from in names {
            for to in names where to != from {
                for family in IPAddress.Family.allCases {
                    let passages = sides.indices.map { side -> Passage? in
                        guard let from = places[side][from], let to = places[side][to] else { return nil }
                        return sides[side].passage(from: from, to: to, family)
                    }
                    if passages[0] == passages[1] { continue }
                    differences.insert(
                        Difference(from: from, to: to, family: family, before: passages[0], after: passages[1]))
                }
            }
        }
        return differences
    }
}

// Edits.
extension PassageComparisonTests {
    /// With one node, container or route less, or another egress; nil if nothing valid comes of many tries.
    private static func edited(_ json: JSON, using generator: inout SeededGenerator) -> JSON? {
        for _ in 0..<100 {
            let edited = attempt(json, using: &generator)
            if edited != json, (try? topology(edited)) != nil { return edited }
        }
        return nil
    }

    private static func attempt(_ json: JSON, using generator: inout SeededGenerator) -> JSON {
        let key = ["hosts", "hosts", "hosts", "routers", "servers"].randomElement(using: &generator) ?? "hosts"
        guard var members = json.object, var nodes = members[key]?.array,
            let place = nodes.indices.randomElement(using: &generator)
        else { return json }
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: nodes.remove(at: place)
        case 1: nodes[place] = shortened(nodes[place], "routes", using: &generator)
        case 2:
            members["network"] = .members([
                "profile": members["network"]?["profile"], "encapsulation": members["network"]?["encapsulation"],
                "egress": members["network"]?["egress"] == nil ? "masquerade" : nil,
            ])
        default: nodes[place] = shortened(nodes[place], "containers", using: &generator)
        }
        members[key] = .array(nodes)
        return .object(members)
    }

    private static func shortened(_ node: JSON, _ key: String, using generator: inout SeededGenerator) -> JSON {
        guard var members = node.object, var list = members[key]?.array,
            let place = list.indices.randomElement(using: &generator)
        else { return node }
        list.remove(at: place)
        members[key] = .array(list)
        return .object(members)
    }
}
