import NetworkState

/// One pair, asked as often as there are things said of it.
struct ExpectationLook {
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
