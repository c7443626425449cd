import Compiler
import NetworkState

/// What to probe in a lab, with what should be seen.
struct ProbePlan {
    private let statements: Statements
    /// What to probe by, in their order.
    private let protocols: [ProbeProtocol]
    /// Whether to probe what follows from the topology as well as what is written.
    private let isComplete: Bool
    private let topology: ValidTopology
    private let outlook: Outlook
    private let nodes: [ProbeNode]
    /// The host of each container, by index; containers stand first among the nodes.
    private let owners: [Int]
    /// Of the nodes, by name.
    private let places: [String: Int]
    /// Addresses that several nodes have. ICMP cannot tell which of them answers, so it is left out there.
    private let shared: Set<IPAddress>

    init(
        _ topology: ValidTopology, nodes: [ProbeNode], _ statements: Statements, by protocols: Set<ProbeProtocol>,
        isComplete: Bool
    ) {
        self.topology = topology
        self.statements = statements
        self.protocols = protocols.sorted()
        self.isComplete = isComplete
        self.nodes = nodes
        outlook = Outlook(topology)
        owners = topology.hosts.indices.flatMap { index in topology.hosts[index].containers.map { _ in index } }
        places = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1.name, $0) })
        var counts: [IPAddress: Int] = [:]
        for address in nodes.flatMap(\.addresses) { counts[address, default: 0] += 1 }
        shared = Set(counts.filter { $0.value > 1 }.keys)
    }

    private var hosts: ArraySlice<ProbeNode> { nodes[owners.count...].prefix(topology.hosts.count) }
    private var servers: ArraySlice<ProbeNode> { nodes[(owners.count + topology.hosts.count)...] }

    /// From one container or server to another.
    func probes(from source: ProbeNode, to target: ProbeNode) -> [Probe] {
        guard let from = places[source.name], let to = places[target.name] else { return [] }
        return probes(from: source, to: target) { own, address in
            switch (home(from), home(to)) {
            case (let home?, let other?):
                outlook.prospect(from: own, on: home, toContainer: address, on: other)
            case (let home?, nil): outlook.prospect(from: own, on: home, toServer: server(to), at: address)
            case (nil, let other?): outlook.prospect(fromServer: server(from), toContainer: address, on: other)
            case (nil, nil): .unreachable
            }
        }
    }

    /// Nil for what is no container.
    private func home(_ place: Int) -> Int? { owners.indices.contains(place) ? owners[place] : nil }

    private func server(_ place: Int) -> Int { place - owners.count - topology.hosts.count }

    /// Between each host and its own containers, both ways. What the author expects is not about hosts.
    var hostProbes: [Probe] {
        owners.indices.flatMap { container in
            let (node, host) = (nodes[container], hosts[hosts.startIndex + owners[container]])
            return probes(from: host, to: node) { _, _ in .reachable }
                + probes(from: node, to: host) { _, _ in .reachable }
        }
    }

    /// By each of the protocols, to each address of `target` of a family that `source` has too: to others it could not even send.
    private func probes(
        from sender: ProbeNode, to target: ProbeNode,
        _ prospect: (_ own: IPAddress, _ address: IPAddress) -> Outlook.Prospect
    ) -> [Probe] {
        let source = statements.source(from: sender, to: target)
        return protocols.flatMap { kind in
            target.addresses.compactMap { address in
                guard kind != .icmp || !shared.contains(address),
                    let own = sender.sources.first(where: { $0.family == address.family })
                else { return nil }
                let word = statements.reach(from: sender.name, to: target.name, by: kind)
                guard isComplete || word != nil || source != nil && kind != .icmp else { return nil }
                let prospect = prospect(own, address)
                return Probe(
                    from: sender.name, to: target.name, address: address, protocol: kind,
                    expected: word?.value ?? prospect.isReachable,
                    source: source?.value ?? prospect.source(of: sender),
                    origin: word?.origin ?? source?.origin)
            }
        }
    }
}

// Ports.
extension ProbePlan {
    /// To the port of `target`'s that an expectation names.
    func probes(
        from source: ProbeNode, to target: ProbeNode, at port: UInt16, of expectation: ValidTopology.Expectation
    ) -> [Probe] {
        expectation.protocols.subtracting([.icmp]).intersection(protocols).sorted().flatMap { kind in
            target.addresses.filter { address in source.sources.contains { $0.family == address.family } }.map {
                Probe(
                    from: source.name, to: target.name, address: $0, protocol: kind,
                    expected: expectation.isReachable ?? true,
                    port: HostPort(host: target.name, number: port, containerPort: port), origin: expectation.pointer)
            }
        }
    }

    /// Each from the host itself and its other containers (not from itself, as where `br_netfilter` is at
    /// work the bridge gives nothing back by the port that it came from), from another host each and one of its containers, and from
    /// each server.
    var portProbes: [Probe] {
        topology.hosts.indices.flatMap { host in
            topology.hosts[host].containers.flatMap { container in
                container.published.flatMap { portProbes(to: $0, of: container, on: host) }
            }
        }
    }

    private func portProbes(
        to port: PublishedPort, of container: ValidTopology.Container, on host: Int
    ) -> [Probe] {
        let node = hosts[hosts.startIndex + host]
        let kind: ProbeProtocol = port.transport == .tcp ? .tcp : .udp
        guard protocols.contains(kind) else { return [] }
        return senders(toPortsOf: host).filter { $0.node.name != container.name }.flatMap { sender, source in
            node.addresses.filter { container.families.contains($0.family) }.compactMap { address -> Probe? in
                guard let own = source.sources.first(where: { $0.family == address.family }) else { return nil }
                let prospect = outlook.prospect(from: sender(own), toPortOf: host, at: address)
                return Probe(
                    from: source.name, to: container.name, address: address, protocol: kind,
                    expected: prospect.isReachable, source: prospect.source(of: source),
                    port: HostPort(host: node.name, number: port.hostPort, containerPort: port.containerPort))
            }
        }
    }

    private typealias Sender = (of: (IPAddress) -> Outlook.Sender, node: ProbeNode)

    private func senders(toPortsOf host: Int) -> [Sender] {
        var seen: Set<Int> = []
        let containers = owners.indices.compactMap { index -> Sender? in
            let home = owners[index]
            guard home == host || seen.insert(home).inserted else { return nil }
            return (of: { .container($0, host: home) }, node: nodes[index])
        }
        let machines =
            hosts.enumerated().map { index, node -> Sender in (of: { _ in .host(index) }, node: node) }
            + servers.enumerated().map { index, node -> Sender in (of: { _ in .server(index) }, node: node) }
        return containers + machines
    }
}

extension Outlook.Prospect {
    /// What that is for packets of `node`.
    fileprivate func source(of node: ProbeNode) -> ExpectedSource {
        switch self {
        case .unreachable: .unknown
        case .reachable: .kept(node.sources)
        case .masqueraded(let addresses): .translated(to: addresses)
        }
    }
}

extension ValidTopology {
    /// Containers, then hosts, then servers.
    var probeNodes: [ProbeNode] {
        let containers = hosts.flatMap { host in
            host.containers.map { ProbeNode(name: $0.name, addresses: $0.addresses, host: host.name) }
        }
        let machines = hosts.map { host in
            ProbeNode(
                name: host.name, addresses: host.uplinks.flatMap { $0.addresses.map(\.address) },
                besides: ownAddresses(of: host))
        }
        return containers + machines
            + servers.map { server in
                ProbeNode(
                    name: server.name, addresses: server.uplinks.flatMap { $0.addresses.map(\.address) }, isServer: true
                )
            }
    }

    /// What a host sends to its containers from, beside its links' addresses: its bridge's and its tunnel's.
    private func ownAddresses(of host: Host) -> [IPAddress] {
        let tunnel = model.isTunnel ? IPAddress.Family.allCases.compactMap(host.tunnelAddress) : []
        return (model.attachment == .bridged ? host.gateways : []) + tunnel
    }
}
