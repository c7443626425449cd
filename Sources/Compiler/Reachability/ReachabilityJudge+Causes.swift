import NetworkState

// Why it is so, and what would help.
extension ReachabilityJudge {
    /// Of one packet and its answer, which end so or go by such a way.
    func finding(
        _ code: DiagnosticCode, _ severity: Diagnostic.Severity, _ prediction: Prediction, _ ending: WalkEnding?,
        _ said: JSONPointer?, port: UInt16? = nil, pairs: Int
    ) -> ReachabilityFinding {
        ReachabilityFinding(
            code: code, severity: severity, message: message(code, prediction.question, port),
            witness: prediction.question, port: port,
            cause: ending.map { $0.disposition.isDelivered ? prediction.cause : cause($0) } ?? path(prediction, nil),
            help: ending.flatMap { mending($0, prediction) }, said: said,
            node: ending?.node ?? prediction.question.from, decider: ending?.decider, pairs: pairs)
    }

    private func message(_ code: DiagnosticCode, _ question: PacketStory.Question, _ port: UInt16?) -> String {
        let (from, to) = (question.from, question.target(port: port))
        return switch code {
        case .unwanted: "\(from) gets an answer from \(to), and should not"
        case .otherWay: "\(from) reaches \(to) by another way than it should"
        case .asymmetricPath: "the answer that \(from) gets from \(to) comes back by another way"
        case .mtuBlackHole: "large packets from \(from) to \(to) are lost, and nobody is told"
        case .loop: "packets from \(from) to \(to) go round in circles"
        default: "\(from) gets no answer from \(to)"
        }
    }

    func cause(_ ending: WalkEnding) -> String {
        let words = ["\(ending.disposition.word) on \(ending.node)", ending.reason].filter { !$0.isEmpty }
        return words.joined(separator: ": ") + (ending.decider.map { " (\(text(of: $0, ending.disposition)))" } ?? "")
    }

    /// Of a link nothing but what decides: it has much else.
    private func text(of entry: Reliance, _ disposition: Disposition) -> String {
        guard case .link(let link) = entry.resource else { return entry.text }
        let size: String? = if case .tooBig = disposition { link.mtu.map { "mtu \($0)" } } else { nil }
        let state = link.isUp == false ? "down" : size
        return "link \(entry.node)/\(link.name)" + (state.map { ": \($0)" } ?? "")
    }

    func path(_ prediction: Prediction, _ way: ExpectedWays.Passage?) -> String {
        let there = "it goes by \(prediction.there.nodes.joined(separator: " "))"
        let back = "back by \((prediction.back?.nodes ?? []).joined(separator: " "))"
        let meant = way.map {
            "; meant are \($0.there.joined(separator: " ")), and back \($0.back.joined(separator: " "))"
        }
        return "\(there), and \(back)\(meant ?? "")"
    }

    func mending(_ ending: WalkEnding, _ prediction: Prediction) -> String? {
        let target = (prediction.back ?? prediction.there).header.destination
        return switch (ending.disposition, ending.decider?.resource) {
        case (.noRoute, .link(let link)) where link.isUp == false: "set \(link.name) of \(ending.node) up"
        case (.noRoute, _): "\(ending.node) needs a route to \(target)"
        case (.filtered, .route(let route)) where ending.reason.hasPrefix("rp_filter"):
            "let answers go the way that they come, or set rp_filter to 2 on \(ending.node), whose route to "
                + "\(route.destination.destinationText) is another"
        case (.filtered, .sysctl(let setting)) where setting.value == "0": "set \(setting.key) to 1 on \(ending.node)"
        case (.neighbourUnreachable, .sysctl(let setting)) where setting.value == "0":
            "set \(setting.key) to 1 on \(ending.decider?.node ?? ending.node)"
        case (.blackholed, .route(let route)) where route.destination.isHost: "\(ending.node) has to lose that route"
        case (.blackholed, .route(let route)):
            "\(ending.node) needs a longer prefix than \(route.destination) for \(target)"
        case (.tooBig, .link(let link)):
            "make the MTU of \(ending.decider?.node ?? ending.node):\(link.name) larger, or that of the sender smaller"
        default: nil
        }
    }

    /// The same for pairs that differ in nothing but the ends' own names.
    func key(
        _ code: DiagnosticCode, _ severity: Diagnostic.Severity, _ ending: WalkEnding?,
        _ prediction: Prediction, _ from: NetworkEnd, _ to: NetworkEnd
    ) -> String {
        let common = "\(code) \(severity)"
        guard let ending else { return "\(common) \(from.host ?? from.name) \(to.host ?? to.name)" }
        func place(_ node: String) -> String {
            let end = [from, to].first { $0.name == node }
            return end.map { "an end of \($0.host ?? $0.name)" } ?? node
        }
        let entry = ending.decider.map { decider in
            var resource = decider.resource
            // Behind NAT others may have the same addresses: who is there is meant first.
            let isThere = [from, to].map { $0.host == decider.node || $0.name == decider.node }
            let order = isThere[0] || !isThere[1] ? [0, 1] : [1, 0]
            for number in order {
                var renaming = network.renaming(of: [from, to][number], number: number)
                if !isThere[number] { renaming.link = nil }
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
