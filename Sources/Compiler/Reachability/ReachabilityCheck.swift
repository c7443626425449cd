package import NetworkState

/// Every ordered pair of containers and servers, predicted from the plan and held against what should become of it.
package struct ReachabilityCheck {
    /// In the order of their witnesses.
    package let findings: [ReachabilityFinding]
    /// Ordered pairs of addresses that were judged, and how many had to be predicted for that.
    package let pairs: Int
    package let predictions: Int

    package var hasErrors: Bool { findings.contains { $0.severity == .error } }

    /// - `namespaces`: in the place of those that follow from the topology.
    /// - `byClasses`: whether to predict one pair for all that no table tells apart.
    package init(
        _ topology: ValidTopology, _ namespaces: [String: NamespaceState]? = nil, byClasses: Bool = true
    ) {
        let namespaces = namespaces ?? topology.plannedNamespaces
        let network = topology.network(of: namespaces)
        let ends = topology.ends(in: namespaces)
        let classes =
            byClasses && !namespaces.values.contains(where: \.hasPolicyOfItsOwn)
            ? EndClasses(ends, of: topology, namespaces, network).classes : ends.indices.map { [$0] }
        let judge = ReachabilityJudge(topology, network, ends)
        var tally = Tally()
        for first in classes {
            for second in classes {
                // Of one class, there are pairs if there are two.
                let isOne = first[0] == second[0]
                let pairs = first.count * (isOne ? first.count - 1 : second.count)
                if pairs == 0 { continue }
                let (from, to) = (first[0], isOne ? second[1] : second[0])
                for (number, question) in ends[from].questions(to: ends[to]).enumerated() {
                    let finding = judge.finding(question, ends[from], ends[to], pairs: pairs)
                    tally.note(finding, order: [from, to, number], pairs: pairs)
                }
            }
        }
        findings = FurtherFindings(judge, ends, classes).added(to: tally.findings)
        (pairs, predictions) = (tally.pairs, tally.predictions)
    }
}

/// Findings by their causes.
struct Tally {
    private(set) var pairs = 0
    private(set) var predictions = 0
    private var found: [String: (order: [Int], finding: ReachabilityFinding)] = [:]

    var findings: [ReachabilityFinding] {
        found.values.sorted { $0.order.lexicographicallyPrecedes($1.order) }.map(\.finding)
    }

    /// - `order`: the pair's place among all; the first of a cause is its witness.
    mutating func note(_ found: (key: String, ReachabilityFinding)?, order: [Int], pairs: Int) {
        self.pairs += pairs
        predictions += 1
        guard let (key, finding) = found else { return }
        guard let known = self.found[key] else { return self.found[key] = (order, finding) }
        let (first, chosen) = order.lexicographicallyPrecedes(known.order) ? (order, finding) : known
        var witness = chosen
        witness.pairs = known.finding.pairs + pairs
        self.found[key] = (first, witness)
    }
}

extension NetworkEnd {
    /// Of each address of the other, by an address of the same family.
    func questions(to other: NetworkEnd) -> [PacketStory.Question] {
        if host == nil && other.host == nil { return [] }
        return other.addresses.compactMap { address in
            addresses.first { $0.family == address.family }.map { own in
                PacketStory.Question(
                    from: name, to: other.name, source: own, destination: address, protocol: .icmp)
            }
        }
    }
}
