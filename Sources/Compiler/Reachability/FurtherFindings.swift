import NetworkState

/// What is to be found beside the answers to echoes: by what an author says, by published ports, and by the entries alone.
struct FurtherFindings {
    private let judge: ReachabilityJudge
    private let ends: [NetworkEnd]
    private let classes: [[Int]]

    init(_ judge: ReachabilityJudge, _ ends: [NetworkEnd], _ classes: [[Int]]) {
        self.judge = judge
        self.ends = ends
        self.classes = classes
    }

    /// Behind those; what they tell of already is told once.
    func added(to findings: [ReachabilityFinding]) -> [ReachabilityFinding] {
        var all = findings + said + published
        all += gateways(besides: all)
        return all + EntryCheck(judge.network, judge.topology).findings(besides: all)
    }

    /// What the author says of pairs, beyond whether echoes are answered.
    private var said: [ReachabilityFinding] {
        let expectations = ExpectationJudge(judge)
        var tally = Tally()
        for pair in expectations.spokenOf(ends, classes) {
            let (from, to) = (ends[pair.from], ends[pair.to])
            let found = from.questions(to: to).flatMap {
                expectations.findings($0, from, to, pairs: pair.count)
            }
            for (number, finding) in found.enumerated() {
                tally.note(finding, order: [pair.from, pair.to, number], pairs: pair.count)
            }
        }
        return tally.findings
    }

    private var published: [ReachabilityFinding] {
        let ports = PublishedPortJudge(judge)
        var tally = Tally()
        for (place, to) in ends.enumerated() where ports.publishes(to.name) {
            for members in classes {
                let others = members.filter { $0 != place }
                guard let first = others.first else { continue }
                let found = ports.findings(from: ends[first], to: to, pairs: others.count)
                for (number, finding) in found.enumerated() {
                    tally.note(finding, order: [first, place, number], pairs: others.count)
                }
            }
        }
        return tally.findings
    }

    /// Default gateways: who answers for them, and whether anybody does.
    private func gateways(besides findings: [ReachabilityFinding]) -> [ReachabilityFinding] {
        let gateways = GatewayJudge(judge, besides: findings, ends)
        var tally = Tally()
        for members in classes {
            for (number, finding) in gateways.findings(of: ends[members[0]], alike: members.count).enumerated() {
                tally.note(finding, order: [members[0], number], pairs: members.count)
            }
        }
        return tally.findings
    }
}
