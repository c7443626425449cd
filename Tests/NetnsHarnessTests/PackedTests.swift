import Compiler
import NetworkState
import Testing

@testable import NetnsHarness

struct PackedTests {
    /// Some of what one node does to another, in an order that packs in one way or another.
    enum Order: String, CaseIterable, CustomTestStringConvertible {
        case pairAfterPair, protocolAfterProtocol, shuffled, oneEndAlone, nobody

        var testDescription: String { rawValue }

        var outcomes: [ProbeOutcome] {
            let nodes = 0..<12
            let pairs = PairSelection(hosts: nodes.map { _ in 0 }).pairs
            var generator = SplitMix64(seed: 7)
            switch self {
            case .pairAfterPair:
                return pairs.flatMap { pair in ProbeProtocol.allCases.map { outcome(pair.from, pair.to, $0) } }
            case .protocolAfterProtocol:
                return ProbeProtocol.allCases.flatMap { kind in pairs.map { outcome($0.from, $0.to, kind) } }
            case .shuffled: return Order.pairAfterPair.outcomes.shuffled(using: &generator)
            case .oneEndAlone: return (0..<300).map { outcome(1, 2, .tcp, roundTrip: $0 % 7 == 0 ? $0 * 1_000 : nil) }
            case .nobody: return []
            }
        }

        /// - `roundTrip`: by default one of each kind that there is.
        private func outcome(_ from: Int, _ to: Int, _ kind: ProbeProtocol, roundTrip: Int? = 0) -> ProbeOutcome {
            let kinds = [0, 61, 65_533, 65_534, 65_535, 70_000, 1 << 31, nil]
            return ProbeOutcome(
                probe: Probe(from: "n\(from)", to: "n\(to)", address: address(to), protocol: kind),
                isReachable: roundTrip != nil,
                roundTripMicroseconds: roundTrip == 0 ? kinds[(from * 12 + to) % kinds.count] : roundTrip,
                attempts: from == 3 ? 2 : 1)
        }
    }

    @Test(arguments: Order.allCases) func `a packed list has what was put into it, place by place`(_ order: Order) {
        let outcomes = order.outcomes
        let packed = Packed(outcomes)
        #expect(packed.count == outcomes.count)
        #expect(Array(packed) == outcomes)
        #expect(outcomes.indices.allSatisfy { packed[$0] == outcomes[$0] })
        let middle = outcomes.count / 3..<outcomes.count / 2
        #expect(Array(packed.part(middle)) == Array(outcomes[middle]))
    }

    @Test(arguments: Order.allCases) func `what is there several times is there once afterwards`(_ order: Order) {
        let outcomes = order.outcomes
        #expect(Array(Packed(outcomes + outcomes.reversed()).uniqued) == outcomes.uniqued)
    }

    @Test(arguments: Order.allCases) func `revising changes what it is about and nothing else`(_ order: Order) {
        var outcomes = order.outcomes
        var packed = Packed(outcomes)
        let before = packed
        packed.revise { index in
            guard index % 5 == 0 else { return nil }
            var rest = before.rest(at: index)
            rest.sight = ProbeOutcome.SightRest(Sight(path: ["h"], lastSeen: "h:\(index % 3)"), from: "a", to: "b")
            return rest
        }
        for index in stride(from: 0, to: outcomes.count, by: 5) {
            outcomes[index].sight = Sight(path: ["h"], lastSeen: "h:\(index % 3)")
        }
        #expect(Array(packed) == outcomes)
        #expect(Array(before) == order.outcomes)
    }

    @Test(arguments: Order.allCases) func `others can be put between, at both ends too`(_ order: Order) {
        let outcomes = order.outcomes
        let others = Array(outcomes.suffix(3))
        let places = [0, outcomes.count / 2, outcomes.count / 2, outcomes.count]
        let packed = Packed(outcomes).inserting(places.map { ($0, others) })
        let half = outcomes.count / 2
        #expect(Array(packed) == others + outcomes[..<half] + others + others + outcomes[half...] + others)
    }

    @Test func `all pairs in order are a few runs for each who sends`() {
        var runs = PackedRuns()
        for from in UInt32(0)..<200 {
            for to in UInt32(0)..<200 where to != from {
                for what in UInt32(0)..<3 { runs.append((from, to, from * 3 + what)) }
            }
        }
        #expect(runs.count == 200 * 199 * 3)
        #expect(runs.runCount <= 2 * 200)
    }
}

struct PassageResultsTests {
    private static func passage(to place: Int) -> CheckList.Passage {
        CheckList.Passage(
            from: "a", to: "n\(place)", address: address(place), there: nil, back: nil, encapsulation: nil,
            pathOrigin: nil, encapsulationOrigin: nil)
    }

    private static func check(to place: Int) -> Check {
        Check(kind: .path, from: "a", to: "n\(place)", expected: "a n\(place)", status: .passed)
    }

    @Test(arguments: [[], [0], [3], [9], [0, 1, 8, 9], Array(0..<10)])
    func `checks are in the passages' order whichever were looked at again`(_ late: [Int]) {
        var results = PassageResults([Self.check(to: 99)])
        func note(_ place: Int) {
            let sight = Sight(path: [], lastSeen: "\(place)")
            results.note([Self.check(to: place)], sight, Self.passage(to: place), at: place)
        }
        for place in 0..<10 { if late.contains(place) { results.postpone(place) } else { note(place) } }
        for place in late.reversed() { note(place) }
        #expect(results.checks.map(\.to) == ([99] + Array(0..<10)).map { "n\($0)" })
        #expect(results.sights.count == 10)
    }

    @Test(arguments: [[], [0], [5], [0, 1, 2], [9, 8, 7]])
    func `each echo gets the last sight between its ends, whatever order they come in`(_ again: [Int]) {
        let echoes = (0..<10).map { place in
            ProbeOutcome(
                probe: Probe(from: "a", to: "n\(place)", address: address(place), protocol: .icmp), isReachable: true)
        }
        let sights = (Array(0..<9) + again).enumerated().map { number, place in
            SeenEnds(
                from: "a", to: "n\(place)", address: address(place), sight: Sight(path: [], lastSeen: "\(number)"))
        }
        let outcomes = Packed(echoes)
        var matching = SightMatching(Packed(sights), outcomes)
        for place in echoes.indices {
            let last = sights.last { $0.to == "n\(place)" }
            #expect(matching.sight(of: place)?.sight(from: "a", to: "n\(place)").lastSeen == last?.sight.lastSeen)
        }
    }
}

private func address(_ node: Int) -> IPAddress { IPAddress(family: .v4, bits: UInt128(0x0a00_0000 + node)) }
