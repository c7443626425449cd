import NetworkState

/// What is wrong with one pair, if anything is.
struct ReachabilityJudge {
    let topology: ValidTopology
    let network: ForwardingNetwork
    let ways: ExpectedWays
    let ends: [NetworkEnd]
    let containers: Set<String>
    /// Of each container's address, the host.
    let homes: [IPAddress: String]

    init(_ topology: ValidTopology, _ network: ForwardingNetwork, _ ends: [NetworkEnd]) {
        self.topology = topology
        self.network = network
        ways = ExpectedWays(topology)
        self.ends = ends
        let held = ends.filter { $0.host != nil }
        containers = Set(held.map(\.name))
        homes = Dictionary(held.flatMap { end in end.addresses.map { ($0, end.host ?? "") } }) { first, _ in first }
    }

    /// Nil if all is well; otherwise with what all pairs of one cause share.
    func finding(
        _ question: PacketStory.Question, _ from: NetworkEnd, _ to: NetworkEnd, pairs: Int
    ) -> (key: String, ReachabilityFinding)? {
        let way = ways.passage(
            from: question.from, at: question.source, to: question.to, at: question.destination)
        let declared = declaration(of: question)
        let whole = network.predict(question, length: Int(topology.mtu), mayBeFragmented: false, isRecorded: false)
        let prediction = whole.isAnswered ? whole : network.predict(question, isRecorded: false)
        let isExpected = declared?.value ?? (way != nil)
        guard let (code, ending) = verdict(prediction, whole, isExpected, way) else { return nil }
        let isMild = code == .otherWay || code == .asymmetricPath || (code == .unwanted && declared == nil)
        var finding = finding(code, isMild ? .warning : .error, prediction, ending, declared?.pointer, pairs: pairs)
        finding.cause = ending == nil ? path(prediction, code == .otherWay ? way : nil) : finding.cause
        return (key(code, finding.severity, ending, prediction, from, to), finding)
    }

    /// What is to become of a question from one of the ends to another, by what the author says, or else by the model.
    func prospect(_ from: Int, _ source: IPAddress, _ to: Int, _ destination: IPAddress) -> Outlook.Prospect {
        let own = ways.prospect(from: from, at: source, to: to, at: destination)
        if topology.expectations.isEmpty { return own }
        let question = PacketStory.Question(
            from: ends[from].name, to: ends[to].name, source: source, destination: destination, protocol: .icmp)
        guard let declared = declaration(of: question)?.value else { return own }
        return declared ? (own.isReachable ? own : .reachable) : .unreachable
    }

    private func verdict(
        _ prediction: Prediction, _ whole: Prediction, _ isExpected: Bool, _ way: ExpectedWays.Passage?
    ) -> (DiagnosticCode, WalkEnding?)? {
        guard prediction.isAnswered else {
            if prediction.ending.disposition == .loop { return (.loop, prediction.ending) }
            return isExpected ? (.unreachable, prediction.ending) : nil
        }
        if !isExpected { return (.unwanted, nil) }
        if case .tooBig(mtu: nil) = whole.ending.disposition { return (.mtuBlackHole, whole.ending) }
        guard let back = prediction.back?.nodes else { return nil }
        if let way, prediction.there.nodes != way.there || back != way.back { return (.otherWay, nil) }
        return prediction.there.nodes.elementsEqual(back.reversed()) ? nil : (.asymmetricPath, nil)
    }

    /// What the author says of ICMP between the two; the last word holds.
    private func declaration(of question: PacketStory.Question) -> (value: Bool, pointer: JSONPointer)? {
        for expectation in topology.expectations.reversed() {
            guard let value = expectation.isReachable, expectation.port == nil,
                expectation.protocols.contains(.icmp), expectation.speaks(of: question, among: containers)
            else { continue }
            return (value, expectation.pointer)
        }
        return nil
    }
}

extension ValidTopology.Expectation {
    /// - `containers`: who is meant by everyone.
    func speaks(of question: PacketStory.Question, among containers: Set<String>) -> Bool {
        isFrom(question.from, among: containers) && isTo(question.to, among: containers)
    }

    func isFrom(_ end: String, among containers: Set<String>) -> Bool {
        (from.isEmpty ? containers : from).contains(end)
    }

    func isTo(_ end: String, among containers: Set<String>) -> Bool { (to.isEmpty ? containers : to).contains(end) }
}
