import Compiler

/// What is expected of each ordered pair of containers: that it is reachable, as the model makes it, unless the
/// author says otherwise; of several words about one pair, the last holds.
struct ExpectationTable {
    private let names: [String]
    private let indices: [String: Int]
    private let expectations: [ValidTopology.Expectation]

    init(_ topology: ValidTopology, nodes: ArraySlice<ProbeNode>) {
        names = nodes.map(\.name)
        indices = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        expectations = topology.expectations
    }

    func isReachable(_ pair: PairSelection.Pair, by kind: ProbeProtocol) -> Bool {
        let word = expectations.last { expectation in
            expectation.protocols.contains(kind) && expectation.speaks(of: names[pair.from], names[pair.to])
        }
        return word?.isReachable ?? true
    }

    /// The pairs that expectations speak of by name: those are probed, however large the network is.
    var namedPairs: [PairSelection.Pair] {
        let pairs = expectations.filter { !$0.from.isEmpty && !$0.to.isEmpty }.flatMap { expectation in
            expectation.from.sorted().flatMap { from in expectation.to.sorted().map { (from, $0) } }
        }
        var seen: Set<PairSelection.Pair> = []
        return pairs.compactMap { from, to in
            guard from != to, let from = indices[from], let to = indices[to] else { return nil }
            let pair = PairSelection.Pair(from: from, to: to)
            return seen.insert(pair).inserted ? pair : nil
        }
    }
}

extension ValidTopology.Expectation {
    fileprivate func speaks(of source: String, _ target: String) -> Bool {
        (from.isEmpty || from.contains(source)) && (to.isEmpty || to.contains(target))
    }
}
