import Compiler
import NetworkState

/// What to find out about a lab: all that follows from its topology, with what its author says put over it.
struct CheckPlan {
    /// Ordered pairs of hosts between which the MTU is measured, each by one pair of containers.
    static let mtuPairLimit = 1_000

    private let lab: Lab
    private let nodes: [ProbeNode]
    private let nodesByName: [String: ProbeNode]
    private let selection: PairSelection
    /// What to probe by.
    let protocols: Set<ProbeProtocol>
    private let ways: ExpectedWays
    private let shared: Set<IPAddress>

    private var topology: ValidTopology { lab.topology }

    init(
        _ lab: Lab, nodes: [ProbeNode], selection: PairSelection,
        protocols: Set<ProbeProtocol> = Set(ProbeProtocol.allCases)
    ) {
        self.lab = lab
        self.nodes = nodes
        self.selection = selection
        self.protocols = protocols
        nodesByName = Dictionary(uniqueKeysWithValues: nodes.map { ($0.name, $0) })
        ways = ExpectedWays(lab.topology)
        var counts: [IPAddress: Int] = [:]
        for address in nodes.flatMap(\.addresses) { counts[address, default: 0] += 1 }
        shared = Set(counts.filter { $0.value > 1 }.keys)
    }

    /// Everything, as the topology as a whole would have it.
    var list: CheckList {
        let statements = Statements(topology.expectations, nodes: nodes)
        let probes = ProbePlan(topology, nodes: nodes, statements, by: protocols, isComplete: true)
        var list = CheckList()
        forEachSelectedPair { from, to in
            list.probes += probes.probes(from: from, to: to)
            list.passages += passages(from, to, statements, isComplete: true)
        }
        list.probes += probes.portProbes + probes.hostProbes
        list.gateways = gateways(statements)
        list.mtus = mtuPairs.flatMap { mtus($0, $1, statements, isComplete: true) }
        addWritten(statements, probes, isComplete: true, to: &list)
        return list
    }

    /// What an event says itself, and nothing that follows from the topology.
    func list(of expectations: [ValidTopology.Expectation]) -> CheckList { list(of: expectations, by: protocols) }

    /// The same, whatever else is probed by.
    func list(of expectations: [ValidTopology.Expectation], by protocols: Set<ProbeProtocol>) -> CheckList {
        let statements = Statements(expectations, nodes: nodes)
        var list = CheckList()
        let probes = ProbePlan(topology, nodes: nodes, statements, by: protocols, isComplete: false)
        addWritten(statements, probes, isComplete: false, to: &list)
        return list
    }

    /// The way between two nodes, as the topology says or as it follows from that; nil where it is neither.
    func passage(from: String, to: String, at address: IPAddress) -> CheckList.Passage? {
        guard let from = nodesByName[from], let to = nodesByName[to] else { return nil }
        let passages = passages(from, to, Statements(topology.expectations, nodes: nodes), isComplete: true)
        return passages.first { $0.address == address && ($0.there != nil || $0.back != nil) }
    }

    /// Containers among themselves, and with servers both ways.
    private func forEachSelectedPair(_ body: (ProbeNode, ProbeNode) -> Void) {
        for pair in selection.pairs { body(nodes[pair.from], nodes[pair.to]) }
        let servers = nodes.filter(\.isServer)
        for container in nodes where container.host != nil {
            for server in servers {
                body(container, server)
                body(server, container)
            }
        }
    }
}

// What follows from the topology.
extension CheckPlan {
    /// To each address of `to`'s that `from` has the family of, and that no other node has too: whose echo came back could
    /// not be told.
    private func directions(_ from: ProbeNode, _ to: ProbeNode) -> [(own: IPAddress, address: IPAddress)] {
        to.addresses.compactMap { address in
            guard !shared.contains(address), let own = from.addresses.first(where: { $0.family == address.family })
            else { return nil }
            return (own, address)
        }
    }

    /// - `isComplete`: whether to ask for what follows from the topology as well.
    /// - `isWatched`: whether to look at the way even where nothing is said of it.
    private func passages(
        _ from: ProbeNode, _ to: ProbeNode, _ statements: Statements, isComplete: Bool, isWatched: Bool = false
    ) -> [CheckList.Passage] {
        let path = statements.last(from: from.name, to: to.name, \.path)
        let back = statements.last(from: from.name, to: to.name, \.returnPath)
        let encapsulation = statements.last(from: from.name, to: to.name, \.encapsulation)
        guard isComplete || isWatched || path != nil || back != nil || encapsulation != nil else { return [] }
        return directions(from, to).compactMap { own, address in
            let way = isComplete ? ways.passage(from: from.name, at: own, to: to.name, at: address) : nil
            return CheckList.Passage(
                from: from.name, to: to.name, address: address,
                there: path?.value ?? way?.there.map { PathElement(node: $0, link: nil) },
                back: back?.value ?? path?.value.reversed() ?? way?.back.map { PathElement(node: $0, link: nil) },
                encapsulation: encapsulation?.value ?? way?.encapsulation,
                pathOrigin: path?.expectation.pointer ?? back?.expectation.pointer,
                encapsulationOrigin: encapsulation?.expectation.pointer)
        }
    }

    private func gateways(_ statements: Statements) -> [CheckList.Gateway] {
        topology.hosts.indices.flatMap { topology.gateways(ofHost: $0, source: lab.source) }.map { gateway in
            guard let written = statements.last(from: gateway.inquiry.node, \.gateway) else { return gateway }
            return CheckList.Gateway(
                inquiry: gateway.inquiry, expected: written.value, origin: written.expectation.pointer)
        }
    }

    /// One pair of containers for each ordered pair of hosts, a host with itself among them, or for a sample of those.
    private var mtuPairs: [(ProbeNode, ProbeNode)] {
        let homes = Dictionary(grouping: nodes.filter { $0.host != nil }) { $0.host ?? "" }
        let hosts = topology.hosts.compactMap { homes[$0.name] }
        let sample = PairSelection(hosts: Array(hosts.indices), limit: Self.mtuPairLimit)
        return sample.pairs.map { (hosts[$0.from][0], hosts[$0.to][hosts[$0.to].count - 1]) }
            + hosts.filter { $0.count > 1 }.prefix(Self.mtuPairLimit).map { ($0[0], $0[1]) }
    }

    private func mtus(
        _ from: ProbeNode, _ to: ProbeNode, _ statements: Statements, isComplete: Bool
    ) -> [CheckList.MTU] {
        let written = statements.last(from: from.name, to: to.name, \.mtu)
        return directions(from, to).compactMap { own, address in
            guard
                let expected = written?.value
                    ?? (isComplete && ways.passage(from: from.name, at: own, to: to.name, at: address) != nil
                        ? topology.mtu : nil)
            else { return nil }
            return CheckList.MTU(
                from: from.name, to: to.name, address: address, expected: expected,
                isOfOwnLink: from.host != nil && expected == topology.mtu, origin: written?.expectation.pointer)
        }
    }
}

// What the author says, of pairs that may be among those already.
extension CheckPlan {
    private func addWritten(
        _ statements: Statements, _ probes: ProbePlan, isComplete: Bool, to list: inout CheckList
    ) {
        for expectation in statements.expectations {
            if expectation.gateway != nil { list.gateways += gateways(statements).filter(expectation.isAbout) }
            for (from, to) in statements.pairs(of: expectation) {
                guard let from = nodesByName[from], let to = nodesByName[to] else { continue }
                if let port = expectation.port {
                    list.probes += probes.probes(from: from, to: to, at: port, of: expectation)
                } else if expectation.isReachable != nil || expectation.source != nil {
                    list.probes += probes.probes(from: from, to: to)
                }
                // Where what should not get through ends is worth as much as that it does.
                let isNegative = expectation.isReachable == false && expectation.protocols.contains(.icmp)
                if expectation.isAboutPassages || isNegative {
                    list.passages += passages(from, to, statements, isComplete: isComplete, isWatched: isNegative)
                }
                if expectation.mtu != nil { list.mtus += mtus(from, to, statements, isComplete: isComplete) }
                list.deliveries += deliveries(from, to, expectation)
            }
        }
        // What follows from a topology is on the list once.
        if !statements.expectations.isEmpty { list.removeRepetitions() }
    }

    private func deliveries(
        _ from: ProbeNode, _ to: ProbeNode, _ expectation: ValidTopology.Expectation
    ) -> [CheckList.Delivery] {
        guard let size = expectation.bulk else { return [] }
        return directions(from, to).map {
            CheckList.Delivery(
                from: from.name, to: to.name, address: $0.address, size: size, origin: expectation.pointer)
        }
    }
}

extension ValidTopology.Expectation {
    fileprivate var isAboutPassages: Bool { path != nil || returnPath != nil || encapsulation != nil }

    fileprivate func isAbout(_ gateway: CheckList.Gateway) -> Bool {
        from.isEmpty || from.contains(gateway.inquiry.node)
    }
}
