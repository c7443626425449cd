import Compiler

/// What the author says about ordered pairs of containers and servers, against what follows from the model; of several
/// words about one pair, the last holds.
struct ExpectationTable {
    private let containers: Set<String>
    private let indices: [String: Int]
    private let expectations: [ValidTopology.Expectation]

    init(_ topology: ValidTopology, containers: Set<String>, nodes: [ProbeNode]) {
        self.containers = containers
        indices = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1.name, $0) })
        expectations = topology.expectations
    }

    /// Nil where nothing is said.
    func word(on source: String, _ target: String, by kind: ProbeProtocol) -> Bool? {
        expectations.last { expectation in
            expectation.protocols.contains(kind) && speaks(expectation.from, of: source)
                && speaks(expectation.to, of: target)
        }?.isReachable
    }

    private func speaks(_ names: Set<String>, of node: String) -> Bool {
        (names.isEmpty ? containers : names).contains(node)
    }

    /// The pairs that expectations speak of by name: those are probed, however large the network is.
    var namedPairs: [PairSelection.Pair] {
        let pairs = expectations.filter { !$0.from.isEmpty && !$0.to.isEmpty }.flatMap { expectation in
            expectation.from.sorted().flatMap { from in expectation.to.sorted().map { (from, $0) } }
        }
        var seen: Set<PairSelection.Pair> = []
        return pairs.compactMap { from, to in
            guard from != to, containers.contains(from), containers.contains(to), let from = indices[from],
                let to = indices[to]
            else { return nil }
            let pair = PairSelection.Pair(from: from, to: to)
            return seen.insert(pair).inserted ? pair : nil
        }
    }
}
