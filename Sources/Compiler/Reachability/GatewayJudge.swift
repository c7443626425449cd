import NetworkState

/// Who answers for the gateways of containers and servers, by ARP and by neighbour discovery.
struct GatewayJudge {
    private let judge: ReachabilityJudge
    private let expectations: [ValidTopology.Expectation]

    /// By host, what is told of those that get nowhere, word by word: no gateway is told of once more.
    private let told: [String: Set<String>]

    init(_ judge: ReachabilityJudge, besides findings: [ReachabilityFinding], _ ends: [NetworkEnd]) {
        self.judge = judge
        expectations = judge.topology.expectations.filter { $0.gateway != nil }
        let homes = Dictionary(ends.map { ($0.name, $0.host ?? $0.name) }) { first, _ in first }
        var told: [String: Set<String>] = [:]
        for finding in findings where finding.severity == .error {
            guard let home = homes[finding.node] else { continue }
            told[home, default: []].formUnion(Tokens(finding.cause).words)
        }
        self.told = told
    }

    /// - `alike`: ends of its class.
    func findings(of end: NetworkEnd, alike: Int) -> [(key: String, ReachabilityFinding)] {
        guard let node = judge.network.node(end.name) else { return [] }
        return IPAddress.Family.allCases.compactMap { family in
            guard let route = judge.network.nodes[node].defaultRoute(family), let gateway = route.nextHop.gateway,
                let device = route.nextHop.device, let link = judge.network.number(of: device, at: node)
            else { return nil }
            let source = end.addresses.first { $0.family == family }
            let seen = judge.network.linkLayerAddress(of: gateway, on: link, source)
            return finding(route, gateway, at: link, seen, end, alike)
        }
    }

    private func finding(
        _ route: Route, _ gateway: IPAddress, at link: Int, _ seen: MACAddress?, _ end: NetworkEnd, _ alike: Int
    ) -> (key: String, ReachabilityFinding)? {
        let said = expectations.last { $0.from.isEmpty ? end.host != nil : $0.from.contains(end.name) }
        let subject = "\(end.name)'s gateway \(gateway)"
        var finding = ReachabilityFinding(
            code: .unansweredGateway, severity: .error, message: "nobody answers for \(subject)", cause: "",
            node: end.name, decider: Reliance(node: end.name, resource: .route(route)), pairs: alike)
        if let seen {
            guard let said, let meant = said.gateway, meant != seen else { return nil }
            finding = ReachabilityFinding(
                code: .unmetExpectation, severity: .error,
                message: "\(seen) answers for \(subject), and not \(meant)",
                cause: "it is asked on \(judge.network.name(of: link))", said: said.pointer, node: end.name,
                pairs: alike)
        } else if told[end.host ?? end.name]?.contains("\(gateway)") == true {
            return nil
        } else {
            finding.said = said?.pointer
            finding.cause = judge.network.silence(for: gateway, on: link, source: end.addresses.first)
        }
        return (
            "\(finding.code) \(end.host ?? end.name) \(gateway.family) \(finding.said.map { "\($0)" } ?? "")", finding
        )
    }
}

extension ForwardingNode {
    fileprivate func defaultRoute(_ family: IPAddress.Family) -> Route? {
        let route = decision(to: family == .v4 ? IPAddress(v4: 0) : IPPrefix.everything(.v6).address)?.route
        return route.flatMap { $0.destination.length == 0 && $0.kind == .unicast ? $0 : nil }
    }
}

extension ForwardingNetwork {
    fileprivate func linkLayerAddress(of gateway: IPAddress, on link: Int, _ source: IPAddress?) -> MACAddress? {
        switch answer(to: gateway, on: link, source: source) {
        case .entry(let entry): entry.linkLayerAddress
        case .link(let other, _): self.link(other).link.address
        case .silence: nil
        }
    }

    /// Why nobody answers for `gateway`.
    fileprivate func silence(for gateway: IPAddress, on link: Int, source: IPAddress?) -> String {
        let refusals = proxies(around: link).prefix(3).compactMap { proxy in
            refusal(ofProxy: proxy, for: gateway, source).map { "\(name(of: proxy)) would, but \($0.reason)" }
        }
        if !refusals.isEmpty { return refusals.joined(separator: "; ") }
        let peer = self.peer(of: link).map(name(of:))
        return "no link on the wire of \(name(of: link)) has it"
            + (peer.map { ", and \($0) is not told to answer for others (proxy_arp)" } ?? "")
    }
}
