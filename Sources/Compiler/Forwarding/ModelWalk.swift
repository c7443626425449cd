import NetworkState

/// One packet on its way through a network: from node to node until it ends somewhere.
struct ModelWalk {
    /// What comes next.
    enum Turn {
        case leave(Departure)
        /// By a link, in a frame.
        case arrive(link: Int, ModelPacket.LinkLayer?)
        case end(WalkEnding)
    }

    /// How a packet comes to be routed.
    struct Departure {
        let node: Int
        /// The link that it came in by; nil for one of the node's own.
        var incoming: Int?
        /// The link that it has to go by, as a tunnel's may.
        var device: LinkName?
        /// Of which connection it is an answer, as far as the node knows.
        var answering: TrackedConnections.Connection?
    }

    /// At which link somebody is known, by which address, and which link that is.
    struct Acquaintance {
        let link: Int
        let address: IPAddress
        let other: Int
    }

    /// The kernel's own limit of tunnels in tunnels (`XMIT_RECURSION_LIMIT` in net/core/dev.h).
    static let envelopeLimit = 8

    let network: ForwardingNetwork
    /// Whether it goes the way of an answer, which changes back what was changed of the question.
    let isAnswer: Bool
    private(set) var original: ModelPacket.Header
    var packet: ModelPacket
    var connections: TrackedConnections
    /// Whether its steps are told, and what it relies on. Where many are walked, that is what costs.
    let isRecorded: Bool
    /// What nodes have learnt of those who asked them for a neighbour, on the question's way: the answer needs not ask.
    var acquaintances: [Acquaintance]
    /// Whether the source has had a say, of where it goes or whether it does.
    var hasReadSource = false
    /// How often its time to live, or that of an envelope, has become less.
    var hops = 0
    private(set) var visited: [Int32] = []
    private(set) var steps: [Walk.Step] = []
    private(set) var reliances: [Reliance] = []

    init(
        _ packet: ModelPacket, in network: ForwardingNetwork, answering question: ModelWalk? = nil,
        isRecorded: Bool = true
    ) {
        self.network = network
        self.packet = packet
        original = packet.header
        self.isRecorded = isRecorded
        isAnswer = question != nil
        connections = question?.connections ?? TrackedConnections()
        acquaintances = question?.acquaintances ?? []
    }

    /// As one of `node`'s own.
    mutating func run(from node: Int) -> Walk {
        var turn = Turn.leave(Departure(node: node))
        while true {
            if case .end(let ending) = turn {
                return Walk(
                    steps: steps, reliances: reliances, ending: ending, header: packet.header,
                    nodes: visited.map { network.nodes[Int($0)].name })
            }
            turn = next(after: turn)
        }
    }

    /// What one node does with the packet and others with its envelopes, until another has it as it is.
    mutating func step(_ turn: Turn) -> Turn {
        visited.removeAll()
        acquaintances.removeAll()
        (hasReadSource, hops) = (false, 0)
        packet.header.timeToLive = original.timeToLive
        var turn = next(after: turn)
        while true {
            switch turn {
            case .end: return turn
            case .arrive where !packet.isWrapped: return turn
            case .arrive, .leave: turn = next(after: turn)
            }
        }
    }

    /// Another packet.
    mutating func restart(_ packet: ModelPacket) {
        self.packet = packet
        original = packet.header
        connections = TrackedConnections()
    }

    private mutating func next(after turn: Turn) -> Turn {
        switch turn {
        case .leave(let departure): leave(departure)
        case .arrive(let link, let frame): arrive(by: link, frame)
        case .end: turn
        }
    }

    /// One node further.
    mutating func countHop() {
        packet.header.timeToLive -= 1
        hops += 1
    }

    func node(_ index: Int) -> ForwardingNode { network.nodes[index] }

    mutating func note(_ event: @autoclosure () -> Walk.Event, at node: Int) {
        if isRecorded, !network.nodes[node].isSwitch {
            steps.append(Walk.Step(node: network.nodes[node].name, event: event()))
        }
    }

    /// On a link of `node`.
    mutating func pass(
        _ link: Int, _ frame: ModelPacket.LinkLayer?, at node: Int, _ event: (Walk.Passing) -> Walk.Event
    ) {
        if network.nodes[node].isSwitch { return }
        visit(node)
        if !isRecorded { return }
        let passing = Walk.Passing(link: network.link(link).name, header: packet.header, linkLayer: frame)
        note(event(passing), at: node)
    }

    /// It is seen on one of `node`'s links; what is for the node itself on loopback's.
    mutating func visit(_ node: Int) {
        if visited.last != Int32(node) { visited.append(Int32(node)) }
    }

    /// Whether it was seen there.
    func hasVisited(_ node: Int) -> Bool { visited.contains(Int32(node)) }

    mutating func rely(on resource: @autoclosure () -> Resource, at node: Int) {
        if isRecorded { reliances.append(Reliance(node: network.nodes[node].name, resource: resource())) }
    }

    mutating func rely(onSetting key: @autoclosure () -> String, _ value: String, at node: Int) {
        rely(on: .sysctl(Sysctl(key(), value)), at: node)
    }

    mutating func rely(onLink number: Int) {
        if !isRecorded { return }
        let (link, node) = (network.link(number).link, network.owner(of: number))
        rely(on: .link(link), at: node)
    }

    func end(_ disposition: Disposition, at node: Int, _ reason: String, by decider: Resource? = nil) -> Turn {
        let name = network.nodes[node].name
        return .end(
            WalkEnding(
                disposition: disposition, node: name, reason: reason,
                decider: decider.map { Reliance(node: name, resource: $0) }))
    }

    var family: IPAddress.Family { packet.header.destination.family }
}
