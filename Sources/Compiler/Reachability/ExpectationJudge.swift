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
            let senders = classes.filter { expectation.isFrom(ends[$0[0]], judge.containers) }
            let targets = classes.filter { expectation.isTo(ends[$0[0]], judge.containers) }
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
        var look = Look(judge: judge, question: question, from: from, to: to, pairs: pairs)
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

    fileprivate func isFrom(_ end: NetworkEnd, _ containers: Set<String>) -> Bool {
        (from.isEmpty ? containers : from).contains(end.name)
    }

    fileprivate func isTo(_ end: NetworkEnd, _ containers: Set<String>) -> Bool {
        (to.isEmpty ? containers : to).contains(end.name)
    }
}

/// One pair, asked as often as there are things said of it.
private struct Look {
    let judge: ReachabilityJudge
    let question: PacketStory.Question
    let from: NetworkEnd
    let to: NetworkEnd
    let pairs: Int
    private(set) var found: [(key: String, ReachabilityFinding)] = []
    /// Recorded, by ICMP.
    private lazy var prediction = judge.network.predict(question)

    init(judge: ReachabilityJudge, question: PacketStory.Question, from: NetworkEnd, to: NetworkEnd, pairs: Int) {
        self.judge = judge
        self.question = question
        self.from = from
        self.to = to
        self.pairs = pairs
    }

    /// Echoes are judged already, and what goes by other protocols as they do is told with them.
    mutating func judgeReach(of spoken: [ValidTopology.Expectation]) {
        for kind in [ProbeProtocol.tcp, .udp] {
            let last = spoken.last { $0.port == nil && $0.isReachable != nil && $0.protocols.contains(kind) }
            guard let last, let value = last.isReachable, !last.protocols.contains(.icmp) else { continue }
            judgeReach(by: kind, port: nil, value, last.pointer)
        }
        for expectation in spoken {
            guard let port = expectation.port else { continue }
            for kind in expectation.protocols.sorted() where kind != .icmp {
                judgeReach(by: kind, port: port, expectation.isReachable ?? true, expectation.pointer)
            }
        }
        if let bulk = spoken.last(where: { $0.bulk != nil }) { judgeReach(by: .tcp, port: nil, true, bulk.pointer) }
    }

    private mutating func judgeReach(
        by kind: ProbeProtocol, port: UInt16?, _ isExpected: Bool, _ pointer: JSONPointer
    ) {
        let asked = question.asked(by: kind)
        let answer = judge.network.predict(asked, port: port, isRecorded: false)
        guard answer.isAnswered != isExpected else { return }
        let (code, ending) = isExpected ? (DiagnosticCode.unreachable, answer.ending) : (.unwanted, nil)
        let finding = judge.finding(code, .error, answer, ending, pointer, port: port, pairs: pairs)
        let key = judge.key(code, .error, ending, answer, from, to)
        found.append(("\(key) \(pointer)", finding))
    }

    /// Returns whether it goes another way.
    @discardableResult
    mutating func judgePath(_ path: [PathElement], isThere: Bool, _ pointer: JSONPointer) -> Bool {
        guard prediction.isAnswered, let walk = isThere ? prediction.there : prediction.back else { return false }
        guard walk.nodes != path.map(\.node) || !path.allSatisfy(walk.crosses) else { return false }
        var finding = judge.finding(.otherWay, .error, prediction, nil, pointer, pairs: pairs)
        let meant = path.map { step in step.link.map { "\(step.node):\($0)" } ?? step.node }
        let leg = isThere ? "it goes by" : "the answer comes back by"
        finding.cause =
            "\(leg) \(walk.linkNames.joined(separator: " ")); meant is \(meant.joined(separator: " "))"
        note(finding, "way \(isThere)", pointer)
        return true
    }

    mutating func judgeEncapsulation(_ encapsulation: NetworkModel.Encapsulation, _ pointer: JSONPointer) {
        guard prediction.isAnswered else { return }
        let seen = prediction.there.tunnels.map(\.encapsulation)
        let isRight = encapsulation == .none ? seen.isEmpty : seen == [encapsulation]
        if isRight { return }
        let words = seen.isEmpty ? "nothing" : seen.map(\.rawValue).joined(separator: " and ")
        let meant = encapsulation == .none ? "nothing" : encapsulation.rawValue
        note(unmet("are in \(words) between hosts, and not in \(meant)", pointer), "encapsulation", pointer)
    }

    mutating func judgeMTU(_ mtu: UInt32, _ pointer: JSONPointer) {
        guard prediction.isAnswered else { return }
        let largest = judge.network.pathMTU(question)
        if largest == Int(mtu) { return }
        let words =
            largest.map { "may have \($0) bytes, and not \(mtu)" } ?? "that are larger are lost, and nobody is told"
        note(unmet(words, pointer), "mtu", pointer)
    }

    mutating func judgeSource(_ source: ValidTopology.ExpectedAddress, _ own: [IPAddress], _ pointer: JSONPointer) {
        let answer = judge.network.predict(question.asked(by: .tcp), isRecorded: false)
        guard answer.isAnswered, let seen = answer.observedSource else { return }
        let meant: [IPAddress] = if case .addresses(let addresses) = source { addresses } else { own }
        let ofFamily = meant.filter { $0.family == seen.family }
        if ofFamily.isEmpty || ofFamily.contains(seen) { return }
        let words = ofFamily.map(\.description).joined(separator: " or ")
        note(unmet("come from \(seen), and not from \(words)", pointer), "source", pointer)
    }

    private mutating func unmet(_ words: String, _ pointer: JSONPointer) -> ReachabilityFinding {
        ReachabilityFinding(
            code: .unmetExpectation, severity: .error,
            message: "packets from \(question.from) to \(question.target()) \(words)", witness: question,
            cause: judge.path(prediction, nil), said: pointer, node: question.from, pairs: pairs)
    }

    private mutating func note(_ finding: ReachabilityFinding, _ what: String, _ pointer: JSONPointer) {
        found.append(("\(what) \(pointer) \(from.host ?? from.name) \(to.host ?? to.name)", finding))
    }
}

extension PacketStory.Question {
    func asked(by kind: ProbeProtocol) -> Self {
        Self(from: from, to: to, source: source, destination: destination, protocol: kind)
    }
}

extension Walk {
    /// Whether it goes through such a node, and by that link of it.
    fileprivate func crosses(_ element: PathElement) -> Bool {
        guard let link = element.link else { return nodes.contains(element.node) }
        return passings(at: element.node).contains { $0.link == link }
    }

    /// Each node, and by which links it comes and goes: `A:veth1,eth0`.
    fileprivate var linkNames: [String] {
        nodes.map { node in
            var links: [String] = []
            for passing in passings(at: node) where !links.contains(passing.link.text) {
                links.append(passing.link.text)
            }
            return links.isEmpty ? node : "\(node):\(links.joined(separator: ","))"
        }
    }

    private func passings(at node: String) -> [Passing] {
        steps.compactMap { step in
            guard step.node == node else { return nil }
            return switch step.event {
            case .sends(let passing), .receives(let passing): passing
            default: nil
            }
        }
    }
}
