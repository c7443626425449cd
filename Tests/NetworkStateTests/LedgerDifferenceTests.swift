import JSONReader
import NetworkState
import TestSupport
import Testing

struct LedgerDifferenceTests {
    /// Two that have much in common, nothing, or everything, in order or not.
    private static func pair(seed: UInt64) throws -> (before: Ledger, after: Ledger) {
        var generator = SeededGenerator(seed: seed)
        let (before, other) = (try LedgerTextTests.ledger(seed: seed), try LedgerTextTests.ledger(seed: seed + 1))
        var after = before
        switch seed % 5 {
        case 0: return (before, other)
        case 1: return (before, before)
        case 2: after.entries.namespaces[.named("A1")] = nil
        case 3: after.entries.namespaces[.named("A2")] = NamespaceState()
        default: after.namespaces.remove("A1")
        }
        for (netns, state) in other.entries.namespaces {
            for resource in state.resources where Bool.random(using: &generator) {
                after.entries.insert(resource, in: netns)
            }
        }
        for (netns, state) in before.entries.namespaces {
            for resource in state.resources where Int.random(in: 0..<4, using: &generator) == 0 {
                if case .route(var route) = resource {
                    route.protocol = .boot
                    after.entries.insert(.route(route), in: netns)
                } else {
                    after.entries.remove(resource.identity, in: netns)
                }
            }
        }
        return (before, after)
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func `it leads from either to the one and to the other`(_ seed: UInt64) throws {
        let (before, after) = try Self.pair(seed: seed)
        let difference = LedgerDifference(from: before, to: after)
        for ledger in [before, after] {
            #expect(difference.forward(ledger) == after)
            #expect(difference.back(ledger) == before)
            #expect(difference.between(ledger) == before.union(after))
        }
        #expect(difference.back(difference.between(before)) == before)
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func `it is read as it was written`(_ seed: UInt64) throws {
        let (before, after) = try Self.pair(seed: seed)
        let difference = LedgerDifference(from: before, to: after)
        var writer = JSONWriter(.tabular)
        writer.write(difference)
        #expect(LedgerDifference(json: try JSON(parsing: writer.text)) == difference)
    }

    @Test func `of many routes of which one is another it tells that one`() throws {
        let routes = (0..<1000).map { Route(IPPrefix(host: IPAddress(v4: 0x0a00_0000 + $0)), kind: .blackhole) }
        var state = HostState()
        for route in routes { state.insert(.route(route), in: .own) }
        let before = Ledger(topology: "t", host: "A", entries: state)
        var after = before
        after.entries.insert(.route(Route(routes[500].destination, kind: .unreachable)), in: .own)
        var writer = JSONWriter(.line)
        writer.write(LedgerDifference(from: before, to: after))
        #expect(writer.text.split(separator: "10.0.1.244/32").count == 3)
        #expect(writer.byteCount < 600)
    }
}
