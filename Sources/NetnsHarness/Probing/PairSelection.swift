import NetworkState

/// Which ordered pairs of nodes to probe: all of them, or a sample where they are too many.
package struct PairSelection: Hashable, Sendable {
    package struct Pair: Hashable, Sendable {
        package let from: Int
        package let to: Int

        package init(from: Int, to: Int) {
            self.from = from
            self.to = to
        }
    }

    package static let standardLimit = 10_000

    /// Indices of nodes, ordered.
    package let pairs: Pairs
    /// How many there are to select from.
    package let total: Int

    /// `hosts` holds for each node a number of the host that it is on.
    ///
    /// A sample depends on nothing but its arguments. Every node is in it as a source and as a destination as long as
    /// `limit` is no less than the number of nodes, and the pairs of hosts take turns.
    package init(hosts: [Int], limit: Int = standardLimit, seed: UInt64 = 0) {
        let count = hosts.count
        total = count * max(0, count - 1)
        if total <= limit {
            pairs = .all(nodes: count)
        } else {
            var sample = PairSample(hosts: hosts, limit: limit, seed: seed)
            sample.coverNodes()
            sample.coverHostPairs()
            pairs = .sample(sample.pairs.sorted { ($0.from, $0.to) < ($1.from, $1.to) })
        }
    }

    package var isSample: Bool { pairs.count < total }
}

extension PairSelection {
    /// Of all pairs, each follows from its place.
    package enum Pairs: Hashable, Sendable, RandomAccessCollection {
        case all(nodes: Int)
        case sample([Pair])

        package var startIndex: Int { 0 }

        package var endIndex: Int {
            switch self {
            case .all(let nodes): nodes * Swift.max(0, nodes - 1)
            case .sample(let pairs): pairs.count
            }
        }

        package subscript(index: Int) -> Pair {
            switch self {
            case .all(let nodes):
                let (from, place) = index.quotientAndRemainder(dividingBy: nodes - 1)
                return Pair(from: from, to: place < from ? place : place + 1)
            case .sample(let pairs): return pairs[index]
            }
        }
    }
}

extension PairSelection: CustomStringConvertible {
    /// `all 12 pairs` or `sampled 10000 of 999000 pairs`
    package var description: String {
        isSample ? "sampled \(pairs.count) of \(total) pairs" : "all \(total) pairs"
    }
}

/// A sample of pairs as it grows.
private struct PairSample {
    typealias Pair = PairSelection.Pair

    private let limit: Int
    private let nodesOfHost: [[Int]]
    private let nodeCount: Int
    private var random: SplitMix64
    private(set) var pairs: Set<Pair> = []

    init(hosts: [Int], limit: Int, seed: UInt64) {
        self.limit = limit
        nodeCount = hosts.count
        let groups = Dictionary(grouping: hosts.indices) { hosts[$0] }
        nodesOfHost = groups.sorted { $0.key < $1.key }.map(\.value)
        random = SplitMix64(seed: seed)
    }

    /// Puts all nodes in a ring and takes each with the next.
    mutating func coverNodes() {
        let ring = Array(0..<nodeCount).shuffled(using: &random)
        for (place, node) in ring.enumerated() where pairs.count < limit {
            pairs.insert(Pair(from: node, to: ring[(place + 1) % nodeCount]))
        }
    }

    /// Goes round the pairs of hosts, a host with itself among them, and takes one new pair of nodes from each,
    /// until there are enough. There are fewer than all, so it ends.
    mutating func coverHostPairs() {
        let hosts = nodesOfHost.indices
        while pairs.count < limit {
            for offset in Array(hosts).shuffled(using: &random) {
                for host in hosts where pairs.count < limit {
                    takePair(from: nodesOfHost[host], to: nodesOfHost[(host + offset) % hosts.count])
                }
            }
        }
    }

    /// Starts at a random pair and takes the first that is not in the sample, if there is one.
    private mutating func takePair(from sources: [Int], to targets: [Int]) {
        let count = sources.count * targets.count
        let start = Int.random(in: 0..<count, using: &random)
        for step in 0..<count {
            let (source, target) = ((start + step) % count).quotientAndRemainder(dividingBy: targets.count)
            let pair = Pair(from: sources[source], to: targets[target])
            if pair.from != pair.to, pairs.insert(pair).inserted { return }
        }
    }
}
