import NetnsHarness
import Testing

struct PairSelectionTests {
    @Test(arguments: [(0, 0), (1, 0), (2, 2), (100, 9_900)])
    func `few nodes are probed in all pairs`(_ nodes: Int, _ pairs: Int) {
        let selection = PairSelection(hosts: Array(repeating: 0, count: nodes))
        #expect(selection.pairs.count == pairs)
        #expect(Set(selection.pairs).count == pairs)
        #expect(selection.pairs.allSatisfy { $0.from != $0.to })
        #expect(!selection.isSample)
        #expect(selection.description == "all \(pairs) pairs")
    }

    @Test(arguments: [(1_000, 10, 10_000), (101, 101, 10_000), (1_000, 1_000, 10_000), (500, 1, 500), (120, 3, 14_000)])
    func `a sample has the size asked for, and every node both ways`(_ nodes: Int, _ hosts: Int, _ limit: Int) {
        let selection = PairSelection(hosts: (0..<nodes).map { $0 % hosts }, limit: limit)
        #expect(selection.pairs.count == limit)
        #expect(Set(selection.pairs).count == limit)
        #expect(selection.pairs.allSatisfy { $0.from != $0.to })
        #expect(Set(selection.pairs.map(\.from)).count == nodes)
        #expect(Set(selection.pairs.map(\.to)).count == nodes)
        #expect(selection.description == "sampled \(limit) of \(nodes * (nodes - 1)) pairs")
    }

    @Test func `a sample takes from all pairs of hosts about alike`() {
        let hosts = (0..<1_000).map { $0 / 100 }
        let selection = PairSelection(hosts: hosts, limit: 10_000)
        let counts = Dictionary(selection.pairs.map { ([hosts[$0.from], hosts[$0.to]], 1) }, uniquingKeysWith: +)
        #expect(counts.count == 100)
        #expect(counts.values.allSatisfy { (85...120).contains($0) })
    }

    @Test func `a host with few containers is not left out`() {
        let hosts = Array(repeating: 0, count: 500) + [1]
        let selection = PairSelection(hosts: hosts, limit: 1_000)
        #expect(selection.pairs.count { hosts[$0.from] == 1 } > 100)
        #expect(selection.pairs.count { hosts[$0.to] == 1 } > 100)
    }

    @Test func `a sample follows from its seed`() {
        let hosts = (0..<200).map { $0 % 7 }
        #expect(PairSelection(hosts: hosts, seed: 1) == PairSelection(hosts: hosts, seed: 1))
        #expect(PairSelection(hosts: hosts, seed: 1) != PairSelection(hosts: hosts, seed: 2))
    }

    @Test func `a sample smaller than the number of nodes keeps to its size`() {
        #expect(PairSelection(hosts: Array(0..<100), limit: 10).pairs.count == 10)
    }
}
