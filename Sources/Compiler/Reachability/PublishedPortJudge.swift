import NetworkState

/// Ports of hosts that lead to containers, against what follows from the topology.
struct PublishedPortJudge {
    private struct Publication {
        let host: Int
        let ports: [PublishedPort]
        let families: [IPAddress.Family]
    }

    private let judge: ReachabilityJudge
    private let outlook: Outlook
    private let publications: [String: Publication]
    private let hosts: [String: Int]
    private let servers: [String: Int]

    init(_ judge: ReachabilityJudge) {
        self.judge = judge
        let topology = judge.topology
        outlook = Outlook(topology)
        let published = topology.hosts.enumerated().flatMap { index, host in
            host.containers.filter { !$0.published.isEmpty }.map { container in
                (
                    container.name,
                    Publication(host: index, ports: container.published, families: container.families)
                )
            }
        }
        publications = Dictionary(published) { first, _ in first }
        hosts = Dictionary(topology.hosts.enumerated().map { ($1.name, $0) }) { first, _ in first }
        servers = Dictionary(topology.servers.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    func publishes(_ container: String) -> Bool { publications[container] != nil }

    func findings(
        from: NetworkEnd, to: NetworkEnd, pairs: Int
    ) -> [(key: String, ReachabilityFinding)] {
        guard let publication = publications[to.name] else { return [] }
        let addresses = judge.topology.hosts[publication.host].uplinks.flatMap(\.addresses).map(\.address)
        return publication.ports.flatMap { port in
            addresses.filter { publication.families.contains($0.family) }.compactMap { address in
                finding(port, of: publication.host, at: address, from, to, pairs)
            }
        }
    }

    private func finding(
        _ port: PublishedPort, of host: Int, at address: IPAddress, _ from: NetworkEnd, _ to: NetworkEnd, _ pairs: Int
    ) -> (key: String, ReachabilityFinding)? {
        guard let own = from.addresses.first(where: { $0.family == address.family }),
            let sender = sender(from, own)
        else { return nil }
        let isExpected = outlook.prospect(from: sender, toPortOf: host, at: address).isReachable
        let question = PacketStory.Question(
            from: from.name, to: to.name, source: own, destination: address,
            protocol: port.transport == .tcp ? .tcp : .udp)
        let prediction = judge.network.predict(question, port: port.hostPort, isRecorded: false)
        guard prediction.isAnswered != isExpected else { return nil }
        let (code, ending) = isExpected ? (DiagnosticCode.unreachable, prediction.ending) : (.unwanted, nil)
        let severity: Diagnostic.Severity = isExpected ? .error : .warning
        let finding = judge.finding(code, severity, prediction, ending, nil, port: port.hostPort, pairs: pairs)
        // Where hosts use the same addresses, who gets it instead is another for each.
        let decisive = ending.flatMap { $0.disposition.isDelivered ? nil : $0 }
        return (judge.key(code, severity, decisive, prediction, from, to), finding)
    }

    private func sender(_ end: NetworkEnd, _ own: IPAddress) -> Outlook.Sender? {
        if let home = end.host { return hosts[home].map { .container(own, host: $0) } }
        return servers[end.name].map { .server($0) }
    }
}
