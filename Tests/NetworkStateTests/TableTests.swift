import NetworkState
import TestSupport
import Testing

struct TableTests {
    private typealias Reference = [Route.Identity: Route]

    private enum Course: UInt64, CaseIterable {
        case ascending, descending, atRandom, ascendingAtFirst, descendingAtFirst

        init(seed: UInt64) { self = Self.allCases[Int(seed % UInt64(Self.allCases.count))] }

        /// Where the entries of a step belong; nil for anywhere.
        func number(_ step: Int) -> UInt32? {
            switch self {
            case .ascending: UInt32(step)
            case .descending: UInt32(300 - step)
            case .atRandom: nil
            case .ascendingAtFirst: step < 50 ? UInt32(step) : nil
            case .descendingAtFirst: step < 50 ? UInt32(300 - step) : nil
            }
        }
    }

    private static func route(_ number: UInt32, _ metric: UInt32) throws -> Route {
        let destination = try #require(IPPrefix(IPAddress(v4: 0x0a00_0000 + number << 8), length: 24))
        return Route(destination, via: IPAddress(v4: metric), metric: metric % 2)
    }

    /// A table and what it should hold, after a few hundred insertions and removals.
    private static func random(seed: UInt64) throws -> (Table<Route>, Reference) {
        var generator = SeededGenerator(seed: seed)
        var (table, reference) = (Table<Route>(), Reference())
        for step in 0..<300 {
            let place = Course(seed: seed).number(step)
            let number = place ?? UInt32.random(in: 0..<100, using: &generator)
            let route = try route(number, UInt32.random(in: 0..<4, using: &generator))
            if place != nil || Bool.random(using: &generator) {
                table.insert(route)
                reference[route.identity] = route
            } else {
                let removed = reference.removeValue(forKey: route.identity)
                #expect(table.remove(route.identity) == removed)
            }
        }
        return (table, reference)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `a table holds what was inserted last and not removed, in order of identity`(_ seed: UInt64) throws {
        let (table, reference) = try Self.random(seed: seed)
        #expect(table.count == reference.count)
        #expect(table.sorted == reference.values.sorted { $0.identity < $1.identity })
        #expect(Set(table.unordered) == Set(reference.values))
        for number in 0..<310 as Range<UInt32> {
            for metric in 0..<2 as Range<UInt32> {
                let identity = try Self.route(number, metric).identity
                #expect(table[identity] == reference[identity])
            }
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `routes are found one after the other, whichever way one goes through them`(_ seed: UInt64) throws {
        let (table, reference) = try Self.random(seed: seed)
        for numbers in [Array(0..<310 as Range<UInt32>), Array((0..<310 as Range<UInt32>).reversed())] {
            var lookup = RouteLookup(table)
            for number in numbers {
                for metric in 0..<2 as Range<UInt32> {
                    let identity = try Self.route(number, metric).identity
                    #expect(lookup.route(identity) == reference[identity])
                }
            }
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `tables are equal if they hold the same, whatever came first`(_ seed: UInt64) throws {
        let (table, reference) = try Self.random(seed: seed)
        let others = [Table(reference.values), Table(table.sorted), Table(table.sorted.reversed())]
        for var other in others {
            #expect(other == table)
            #expect(other.hashValue == table.hashValue)
            guard var route = other.unordered.first(where: { _ in true }) else { continue }
            route.mtu = 1300
            other.insert(route)
            #expect(other != table)
            other.remove(route.identity)
            #expect(other != table)
        }
    }
}
