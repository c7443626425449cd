import NetworkState

/// The passages of one topology, between ends by their indices, and classes of them by theirs.
struct Passages {
    let ends: [NetworkEnd]
    let classes: [[Int]]
    private let topology: ValidTopology
    private let judge: ReachabilityJudge
    private var soundness: Soundness?

    /// - `central`: classes, one of which is in each pair that will be asked about; nil for all.
    init(_ topology: ValidTopology, _ survey: NetworkSurvey, central: Set<Int>? = nil) {
        self.topology = topology
        ends = survey.ends
        classes = survey.classes.classes
        judge = ReachabilityJudge(topology, survey.network, ends)
        soundness = Soundness(survey, judge, topology, central: central)
    }

    /// Each by a walk of its own.
    init(thorough topology: ValidTopology) {
        self.topology = topology
        ends = topology.ends
        classes = ends.indices.map { [$0] }
        judge = ReachabilityJudge(topology, topology.plannedNetwork, ends)
    }

    /// From any of one class to any other of another; nil if packets of `family` do not get there and back.
    mutating func passage(fromClass first: Int, toClass second: Int, _ family: IPAddress.Family) -> Passage? {
        guard let pair = ClassPair(classes[first], classes[second]) else { return nil }
        return passage(from: pair.from, to: pair.to, family)
    }

    /// By the forwarding model. Where that is known to have what the topology declares, by that.
    mutating func passage(from: Int, to: Int, _ family: IPAddress.Family) -> Passage? {
        if ends[from].host == nil && ends[to].host == nil { return nil }
        guard let own = ends[from].address(family), let other = ends[to].address(family) else { return nil }
        guard soundness?.isSound(from: from, to: to) == true else {
            return predicted(ends[from], own, ends[to], other)
        }
        guard judge.prospect(from, own, to, other).isReachable else { return nil }
        let way = judge.ways.passage(from: ends[from].name, at: own, to: ends[to].name, at: other)
        return way.map { way in
            passage(
                ends[from], ends[to], way.there, way.back, way.encapsulation, declaredWay(from, to, other),
                mtu: Int(topology.mtu))
        }
    }

    private func passage(
        _ from: NetworkEnd, _ to: NetworkEnd, _ there: [String], _ back: [String],
        _ encapsulation: NetworkModel.Encapsulation, _ way: ValidTopology.Way?, source: IPAddress? = nil, mtu: Int?
    ) -> Passage {
        let through = from.machines(of: there, to: to)
        let answer = to.machines(of: back, to: from)
        return Passage(
            from: from.machine, to: to.machine, way: way, through: through,
            back: answer.elementsEqual(through.reversed()) ? nil : answer, encapsulation: encapsulation,
            source: source, mtu: mtu)
    }

    private func declaredWay(_ from: Int, _ to: Int, _ address: IPAddress) -> ValidTopology.Way? {
        guard let home = judge.ways.host(of: from), let target = judge.ways.host(of: to), home != target else {
            return nil
        }
        let destination =
            topology.hosts[target].blocks.first { $0.contains(address) } ?? IPPrefix(host: address)
        return topology.way(from: topology.hosts[home], to: topology.hosts[target], for: destination)
    }

    private func predicted(
        _ from: NetworkEnd, _ own: IPAddress, _ to: NetworkEnd, _ other: IPAddress
    ) -> Passage? {
        let question = PacketStory.Question(
            from: from.name, to: to.name, source: own, destination: other, protocol: .icmp)
        let prediction = judge.network.predict(question)
        guard prediction.isAnswered, let back = prediction.back else { return nil }
        let seen = prediction.observedSource
        return passage(
            from, to, prediction.there.nodes, back.nodes, prediction.there.tunnels.first?.encapsulation ?? .none,
            prediction.there.way(of: from, by: topology.peerRouteProtocol), source: seen == own ? nil : seen,
            mtu: judge.network.pathMTU(question))
    }
}

extension NetworkEnd {
    /// That it is on, or is.
    fileprivate var machine: String { host ?? name }

    /// Of the nodes on a way to `other`, those that are neither end's.
    fileprivate func machines(of nodes: [String], to other: NetworkEnd) -> [String] {
        nodes.filter { ![name, machine, other.name, other.machine].contains($0) }
    }
}

extension Walk {
    /// By which route of weft's own a container's host sends it on.
    fileprivate func way(of end: NetworkEnd, by protocol: RouteProtocol) -> ValidTopology.Way? {
        for step in steps where step.node == end.host {
            guard case .routes(_, let route) = step.event else { continue }
            // A container's own route may have the same protocol, and has no gateway.
            guard route.protocol == `protocol`, let device = route.nextHop.device, route.destination.length > 0,
                !(route.destination.isHost && route.nextHop.gateway == nil)
            else { return nil }
            return ValidTopology.Way(device: device, gateway: route.nextHop.gateway)
        }
        return nil
    }
}
