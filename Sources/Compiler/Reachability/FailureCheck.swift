package import NetworkState

/// What is lost beside a host, router, switch or wire itself when that fails, each by itself.
///
/// Only what relies on it now is predicted anew.
package struct FailureCheck {
    /// In the order of the topology's nodes; warnings, for nothing has failed yet.
    package let findings: [ReachabilityFinding]
    /// How many things could fail, and how many pairs were predicted again for one that would.
    package let failures: Int
    package let predictions: Int

    /// - `namespaces`: in the place of those that follow from the topology.
    package init(_ topology: ValidTopology, _ namespaces: [String: NamespaceState]? = nil) {
        let namespaces = namespaces ?? topology.plannedNamespaces
        let (network, ends) = (topology.network(of: namespaces), topology.ends)
        let failures = topology.failures
        var reliants = Reliants(failures)
        reliants.note(ends, NetworkSurvey(topology, namespaces).classes.classes, in: network)
        let judge = ReachabilityJudge(topology, network, ends)
        var found: [ReachabilityFinding] = []
        var lostWith: [String: [Int]] = [:]
        for (failure, questions) in zip(failures, reliants.questions) where !questions.isEmpty {
            let broken = topology.network(of: failure.carriedOut(in: namespaces))
            let lost = questions.filter { !broken.predict($0.question, isRecorded: false).isAnswered }
            // That a wire's end fails is told already, if all that it takes with it is lost then too.
            let places = lost.map(\.place)
            lostWith[failure.name] = places
            guard let witness = lost.first, lostWith[failure.node] != places || failure.link == nil else { continue }
            let ending = broken.predict(witness.question, isRecorded: false).ending
            found.append(failure.finding(witness.question, judge.cause(ending), lost.reduce(0) { $0 + $1.pairs }))
        }
        findings = found
        self.failures = failures.count
        predictions = reliants.questions.reduce(0) { $0 + $1.count }
    }
}

/// Something that fails by itself: a node, or the wire of one of its links to a segment.
struct Failure {
    let node: String
    /// Nil for all of the node.
    var link: LinkName?
    /// The switch's end of the wire.
    var far: Reliance?
    /// Whose pairs are lost anyway.
    let own: Set<String>

    /// `R1`, `the wire of A:eth1`
    var name: String { link.map { "the wire of \(node):\($0)" } ?? node }

    /// A wire's switch takes no part in it any more, and a node that has no power has no link up.
    func carriedOut(in namespaces: [String: NamespaceState]) -> [String: NamespaceState] {
        var namespaces = namespaces
        let target = far?.node ?? node
        for link in namespaces[target]?.links.sorted ?? [] {
            if let far, far.resource.identity != .link(link.name) { continue }
            var link = link
            link.isUp = false
            namespaces[target]?.links.insert(link)
        }
        return namespaces
    }

    func finding(_ question: PacketStory.Question, _ cause: String, _ pairs: Int) -> ReachabilityFinding {
        ReachabilityFinding(
            code: .singlePointOfFailure, severity: .warning,
            message: "should \(name) fail, \(question.from) would get no answer from \(question.target())",
            witness: question, cause: cause, node: node,
            decider: link.map { Reliance(node: node, resource: .link(Link(name: $0))) }, pairs: pairs)
    }
}

extension ValidTopology {
    /// Switches, routers and hosts, each before its wires. A server's failure loses nothing but its own pairs; so does that of the
    /// only wire that a machine has.
    var failures: [Failure] {
        let switches = segments.map { Failure(node: $0.name, own: []) }
        let machines =
            routers.map { ($0.name, $0.uplinks, Set<String>()) }
            + hosts.map { ($0.name, $0.uplinks, Set($0.containers.map(\.name))) }
        let ends = machines + servers.map { ($0.name, $0.uplinks, Set([$0.name])) }
        return switches + machines.map { Failure(node: $0.0, own: $0.2) }
            + ends.flatMap { name, uplinks, own in
                uplinks.map { uplink in
                    let port = Resource.link(Link(name: portName(of: uplink, on: name)))
                    return Failure(
                        node: name, link: uplink.name,
                        far: Reliance(node: segments[uplink.segment].name, resource: port),
                        own: uplinks.count == 1 ? own : [])
                }
            }
    }
}

/// Which pairs rely on what.
private struct Reliants {
    struct Element {
        let question: PacketStory.Question
        let pairs: Int
        /// Among all that were noted.
        let place: Int
    }

    /// By the failures' places, in the order in which they were noted.
    private(set) var questions: [[Element]]
    private let failures: [Failure]
    private let nodes: [String: Int]
    /// By the switch's end.
    private let wires: [String: [LinkName: Int]]
    private var count = 0

    init(_ failures: [Failure]) {
        self.failures = failures
        questions = Array(repeating: [], count: failures.count)
        nodes = Dictionary(
            failures.enumerated().filter { $1.link == nil }.map { ($1.node, $0) },
            uniquingKeysWith: { first, _ in first })
        var wires: [String: [LinkName: Int]] = [:]
        for (index, failure) in failures.enumerated() {
            guard let far = failure.far, case .link(let link) = far.resource else { continue }
            wires[far.node, default: [:]][link.name] = index
        }
        self.wires = wires
    }

    /// All pairs that fare well now.
    mutating func note(_ ends: [NetworkEnd], _ classes: [[Int]], in network: ForwardingNetwork) {
        for first in classes {
            for second in classes {
                guard let pair = ClassPair(first, second) else { continue }
                for question in ends[pair.from].questions(to: ends[pair.to]) {
                    let prediction = network.predict(question)
                    if prediction.isAnswered { note(prediction, ends[pair.from], ends[pair.to], pair) }
                }
            }
        }
    }

    private mutating func note(_ prediction: Prediction, _ from: NetworkEnd, _ to: NetworkEnd, _ pair: ClassPair) {
        let element = Element(question: prediction.question, pairs: pair.count, place: count)
        count += 1
        var needed: Set<Int> = []
        for reliance in prediction.there.reliances + (prediction.back?.reliances ?? []) {
            if let node = nodes[reliance.node] { needed.insert(node) }
            guard case .link(let link) = reliance.resource else { continue }
            if let wire = wires[reliance.node]?[link.name] { needed.insert(wire) }
        }
        for index in needed where !failures[index].own.contains(from.name) && !failures[index].own.contains(to.name) {
            questions[index].append(element)
        }
    }
}
