import NetworkState

/// Whether what an author says holds, beyond whether echoes are answered: other protocols, ports, ways, what packets are put
/// into, their size and their source. Of several words about one thing the last holds, as for `weft test`.
struct ExpectationJudge {
    private typealias Expectation = ValidTopology.Expectation

    private let judge: ReachabilityJudge
    private let expectations: [Expectation]

    init(_ judge: ReachabilityJudge) {
        self.judge = judge
        expectations = judge.topology.expectations.filter { $0.gateway == nil }
    }

    /// The pairs of classes that have to be looked at for that.
    func spokenOf(_ ends: [NetworkEnd], _ classes: [[Int]]) -> [ClassPair] {
        var pairs: Set<ClassPair> = []
        for expectation in expectations where expectation.saysMore {
            let senders = classes.filter { expectation.isFrom(ends[$0[0]].name, among: judge.containers) }
            let targets = classes.filter { expectation.isTo(ends[$0[0]].name, among: judge.containers) }
            for first in senders {
                for second in targets { if let pair = ClassPair(first, second) { pairs.insert(pair) } }
            }
        }
        return pairs.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
    }

    /// - `question`: by ICMP.
    func findings(
        _ question: PacketStory.Question, _ from: NetworkEnd, _ to: NetworkEnd, pairs: Int
    ) -> [(key: String, ReachabilityFinding)] {
        let spoken = expectations.filter { $0.speaks(of: question, among: judge.containers) }
        func last<Value>(_ property: (Expectation) -> Value?) -> (value: Value, pointer: JSONPointer)? {
            for word in spoken.reversed() { if let value = property(word) { return (value, word.pointer) } }
            return nil
        }
        var look = ExpectationLook(judge: judge, question: question, from: from, to: to, pairs: pairs)
        look.judgeReach(of: spoken)
        let (there, back) = (last(\.path), last(\.returnPath))
        let isThereWrong = there.map { look.judgePath($0.value, isThere: true, $0.pointer) } ?? false
        // Where nothing is said of it, the answer comes back the same way, which is told once.
        if let (path, pointer) = back ?? (isThereWrong ? nil : there) {
            look.judgePath(back == nil ? path.reversed() : path, isThere: false, pointer)
        }
        if let (encapsulation, pointer) = last(\.encapsulation) { look.judgeEncapsulation(encapsulation, pointer) }
        if let (mtu, pointer) = last(\.mtu) { look.judgeMTU(mtu, pointer) }
        if let (source, pointer) = last(\.source) { look.judgeSource(source, from.addresses, pointer) }
        return look.found
    }
}

extension ValidTopology.Expectation {
    /// Whether anything has to be looked at but echoes.
    fileprivate var saysMore: Bool {
        port != nil || path != nil || returnPath != nil || encapsulation != nil || mtu != nil || source != nil
            || bulk != nil || (isReachable != nil && protocols.count < ProbeProtocol.allCases.count)
    }
}
