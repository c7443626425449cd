package import NetworkState

/// Every ordered pair of containers and servers, predicted from the plan and held against what should become of it.
package struct ReachabilityCheck {
    /// In the order of their witnesses.
    package let findings: [ReachabilityFinding]
    /// Ordered pairs of addresses that were judged, and how many had to be predicted for that.
    package let pairs: Int
    package let predictions: Int

    package var hasErrors: Bool { findings.contains { $0.severity == .error } }

    /// One pair for all that no table tells apart.
    ///
    /// - `namespaces`: in the place of those that follow from the topology.
    package init(_ topology: ValidTopology, _ namespaces: [String: NamespaceState]? = nil) {
        // What flows have in common does not hold where rules ask about sources.
        if namespaces?.values.contains(where: \.hasPolicyOfItsOwn) == true {
            self.init(thorough: topology, namespaces)
            return
        }
        let survey = NetworkSurvey(topology, namespaces)
        let judge = ReachabilityJudge(topology, survey.network, survey.ends)
        var soundness = Soundness(survey, judge, topology)
        self.init(survey.ends, survey.classes.classes, judge) { soundness.isSound(from: $0, to: $1) }
    }

    /// Each pair by a walk of its own.
    ///
    /// - `namespaces`: in the place of those that follow from the topology.
    package init(thorough topology: ValidTopology, _ namespaces: [String: NamespaceState]? = nil) {
        let namespaces = namespaces ?? topology.plannedNamespaces
        let ends = topology.ends
        let judge = ReachabilityJudge(topology, topology.network(of: namespaces), ends)
        self.init(ends, ends.indices.map { [$0] }, judge) { _, _ in false }
    }

    /// - `isSound`: whether it is known that the pair has no finding.
    private init(
        _ ends: [NetworkEnd], _ classes: [[Int]], _ judge: ReachabilityJudge, isSound: (Int, Int) -> Bool
    ) {
        var tally = Tally()
        for first in classes {
            for second in classes {
                guard let pair = ClassPair(first, second) else { continue }
                let (from, to) = (ends[pair.from], ends[pair.to])
                if isSound(pair.from, pair.to) {
                    tally.noteSound(from.countOfQuestions(to: to), pairs: pair.count)
                    continue
                }
                for (number, question) in from.questions(to: to).enumerated() {
                    let finding = judge.finding(question, from, to, pairs: pair.count)
                    tally.note(finding, order: [pair.from, pair.to, number], pairs: pair.count)
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

    mutating func noteSound(_ questions: Int, pairs: Int) {
        self.pairs += questions * pairs
        predictions += questions
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
            self.address(address.family).map { own in
                PacketStory.Question(
                    from: name, to: other.name, source: own, destination: address, protocol: .icmp)
            }
        }
    }

    fileprivate func countOfQuestions(to other: NetworkEnd) -> Int {
        host == nil && other.host == nil ? 0 : other.addresses.count { address($0.family) != nil }
    }

    /// That it sends from.
    func address(_ family: IPAddress.Family) -> IPAddress? { addresses.first { $0.family == family } }
}
