import NetworkState

/// What is wrong with one pair, if anything is.
struct ReachabilityJudge {
    private let topology: ValidTopology
    private let network: ForwardingNetwork
    let ways: ExpectedWays
    private let containers: Set<String>
    private let homes: [IPAddress: String]

    init(_ topology: ValidTopology, _ network: ForwardingNetwork, _ ends: [NetworkEnd]) {
        self.topology = topology
        self.network = network
        ways = ExpectedWays(topology)
        let ends = ends.filter { $0.host != nil }
        containers = Set(ends.map(\.name))
        homes = Dictionary(ends.flatMap { end in end.addresses.map { ($0, end.host ?? "") } }) { first, _ in first }
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
        let verdict = verdict(prediction, whole, isExpected, way)
        guard let (kind, ending) = verdict else { return nil }
        let cause = ending.map(cause) ?? path(prediction, way)
        let severity: Diagnostic.Severity =
            kind == .otherWay || (kind == .unwanted && declared == nil) ? .warning : .error
        let finding = ReachabilityFinding(
            kind: kind, severity: severity, witness: question, cause: cause,
            help: ending.flatMap { mending($0, prediction) }, pointer: declared?.pointer, pairs: pairs)
        return (key(kind, severity, ending, prediction, from, to), finding)
    }

    /// What is to become of the question, by what the author says, or else by the model.
    func prospect(
        _ from: NetworkEnd, _ source: IPAddress, _ to: NetworkEnd, _ destination: IPAddress
    ) -> Outlook.Prospect {
        let own = ways.prospect(from: from.name, at: source, to: to.name, at: destination)
        if topology.expectations.isEmpty { return own }
        let question = PacketStory.Question(
            from: from.name, to: to.name, source: source, destination: destination, protocol: .icmp)
        guard let declared = declaration(of: question)?.value else { return own }
        return declared ? (own.isReachable ? own : .reachable) : .unreachable
    }

    private func verdict(
        _ prediction: Prediction, _ whole: Prediction, _ isExpected: Bool, _ way: ExpectedWays.Passage?
    ) -> (ReachabilityFinding.Kind, WalkEnding?)? {
        guard prediction.isAnswered else {
            if prediction.ending.disposition == .loop { return (.loop, prediction.ending) }
            return isExpected ? (.unreachable, prediction.ending) : nil
        }
        if !isExpected { return (.unwanted, nil) }
        if case .tooBig(mtu: nil) = whole.ending.disposition { return (.blackHole, whole.ending) }
        guard let way, prediction.there.nodes != way.there || prediction.back?.nodes != way.back else { return nil }
        return (.otherWay, nil)
    }

    /// What the author says of ICMP between the two; the last word holds.
    private func declaration(of question: PacketStory.Question) -> (value: Bool, pointer: JSONPointer)? {
        for expectation in topology.expectations.reversed() {
            guard let value = expectation.isReachable, expectation.port == nil,
                expectation.protocols.contains(.icmp), speaks(expectation.from, of: question.from),
                speaks(expectation.to, of: question.to)
            else { continue }
            return (value, expectation.pointer)
        }
        return nil
    }

    private func speaks(_ names: Set<String>, of end: String) -> Bool {
        names.isEmpty ? containers.contains(end) : names.contains(end)
    }
}

// Why it is so, and what would help.
extension ReachabilityJudge {
    private func cause(_ ending: WalkEnding) -> String {
        let words = ["\(ending.disposition.word) on \(ending.node)", ending.reason].filter { !$0.isEmpty }
        return words.joined(separator: ": ") + (ending.decider.map { " (\($0.text))" } ?? "")
    }

    private func path(_ prediction: Prediction, _ way: ExpectedWays.Passage?) -> String {
        let there = "it goes by \(prediction.there.nodes.joined(separator: " "))"
        let back = "back by \((prediction.back?.nodes ?? []).joined(separator: " "))"
        let meant = way.map {
            "; meant are \($0.there.joined(separator: " ")), and back \($0.back.joined(separator: " "))"
        }
        return "\(there), and \(back)\(meant ?? "")"
    }

    private func mending(_ ending: WalkEnding, _ prediction: Prediction) -> String? {
        let target = (prediction.back ?? prediction.there).header.destination
        return switch (ending.disposition, ending.decider?.resource) {
        case (.noRoute, _): "\(ending.node) needs a route to \(target)"
        case (.filtered, .sysctl(let setting)) where setting.value == "0": "set \(setting.key) to 1 on \(ending.node)"
        case (.neighbourUnreachable, .sysctl(let setting)) where setting.value == "0":
            "set \(setting.key) to 1 on \(ending.decider?.node ?? ending.node)"
        case (.blackholed, .route(let route)):
            "\(ending.node) needs a longer prefix than \(route.destination) for \(target)"
        case (.tooBig, .link(let link)):
            "make the MTU of \(ending.node):\(link.name) larger, or that of the sender smaller"
        default: nil
        }
    }

    /// The same for pairs that differ in nothing but the ends' own names.
    private func key(
        _ kind: ReachabilityFinding.Kind, _ severity: Diagnostic.Severity, _ ending: WalkEnding?,
        _ prediction: Prediction, _ from: NetworkEnd, _ to: NetworkEnd
    ) -> String {
        let common = "\(kind) \(severity)"
        guard let ending else { return "\(common) \(from.host ?? from.name) \(to.host ?? to.name)" }
        func place(_ node: String) -> String {
            let end = [from, to].first { $0.name == node }
            return end.map { "an end of \($0.host ?? $0.name)" } ?? node
        }
        let entry = ending.decider.map { decider in
            var resource = decider.resource
            for (number, end) in [from, to].enumerated() {
                var renaming = network.renaming(of: end, number: number)
                if decider.node != end.host && decider.node != end.name { renaming.link = nil }
                resource = resource.renamed(by: renaming)
            }
            return Reliance(node: place(decider.node), resource: resource).text
        }
        let target = (prediction.back ?? prediction.there).header.destination
        let lacking = homes[target] ?? "\(target)"
        return "\(common) \(ending.disposition.word) \(place(ending.node)) \(entry ?? "nothing for \(lacking)")"
    }
}

extension ForwardingNetwork {
    /// What names an end in its tables.
    fileprivate func renaming(of end: NetworkEnd, number: Int) -> Renaming {
        guard let index = node(end.name) else { return end.renaming([], links: [], number: number) }
        let links = nodes[index].links.indices
        let far = links.compactMap { peer(of: self.number(of: $0, at: index)) }.compactMap(uniqueAddress)
        return end.renaming(
            Array(nodes[index].addresses.keys), links: nodes[index].links.compactMap(\.link.address) + far,
            number: number)
    }

    /// Of a link, if no other link of its node has it.
    private func uniqueAddress(of link: Int) -> MACAddress? {
        let address = self.link(link).link.address
        return nodes[owner(of: link)].links.count { $0.link.address == address } == 1 ? address : nil
    }
}
