import NetworkState

/// Packets' ways from end to end, of which what many have in common is walked once.
///
/// A way is made of steps, from one node's doing to the next's. What a node does with a packet depends on where it came in, on
/// the route that its destination has there, on whether it is the node's own, and rarely on its source: all packets that have these in
/// common take one step. A packet that is translated is left to a walk of its own.
struct Flows {
    private struct Step {
        enum End {
            case arrival(Int)
            case disposition(Disposition)
            case odd
        }

        let nodes: [Int32]
        let hops: Int
        let end: End
        /// Whether the packet's source has had a say.
        let isOfSource: Bool
    }

    /// All steps after the second.
    private struct Tail {
        let nodes: [Int32]
        let hops: Int
        let disposition: Disposition
    }

    private struct Key: Hashable {
        /// The link that it came in by, or where it begins.
        let place: Int32
        /// Of the node's table, or where that is not all that matters, the one who it is for.
        let route: Int32
        let destination: Int32
        var source: Int32

        init(_ place: Int32, to end: Int, by route: Int?, source: Int32) {
            self.place = place
            self.route = route.map(Int32.init) ?? -1
            destination = route == nil ? Int32(end) : -1
            self.source = source
        }

        func of(_ start: Int) -> Key {
            var other = self
            other.source = Int32(start)
            return other
        }
    }

    /// So many hops leave each packet's time to live above nothing; whoever has come by more has gone round in circles.
    private static let hopLimit = 60

    private let network: ForwardingNetwork
    private let memberships: [Int32]
    private let length: Int
    private var walk: ModelWalk
    private var steps: [Key: Step] = [:]
    private var tails: [Key: Tail] = [:]
    /// The first two of each flow, which those of other senders have nothing in common with.
    private var firstSteps: [Key: Step] = [:]
    private var sender = -1
    /// At which nodes the packet of the last flow has been seen, by their numbers.
    private(set) var nodes: [Int32] = []

    /// - `memberships`: of each end, which rules' address sets it is in.
    init(_ network: ForwardingNetwork, _ memberships: [Int32], length: Int) {
        self.network = network
        self.memberships = memberships
        self.length = length
        let nowhere = ModelPacket(from: .any(.v4), to: .any(.v4), by: .icmp, length: length)
        walk = ModelWalk(nowhere, in: network, answering: nil, isRecorded: false)
    }

    /// What becomes of a packet from the end `start`, which is a node, to another at `destination`; nil where the model has to be
    /// asked. Its way is in ``nodes`` then.
    ///
    /// - Precondition: no other node has `source`.
    mutating func disposition(
        from start: Int, _ source: IPAddress, at node: Int, to end: Int, _ destination: IPAddress
    ) -> Disposition? {
        walk.restart(ModelPacket(from: source, to: destination, by: .icmp, length: length))
        if sender != start { firstSteps.removeAll(keepingCapacity: true) }
        sender = start
        nodes.removeAll(keepingCapacity: true)
        var hops = 0
        var arrival: Int?
        for number in 0..<2 {
            let step = step(number, from: arrival, at: arrival.map(network.owner) ?? node, start, end)
            hops += step.hops
            see(step.nodes)
            switch step.end {
            case .arrival(let link): arrival = link
            case .disposition(let disposition): return disposition
            case .odd: return nil
            }
        }
        return arrival.flatMap { disposition(after: $0, start, end, hops) }
    }

    /// From the third step on, which begins where the packet comes in by `link`.
    private mutating func disposition(after link: Int, _ start: Int, _ end: Int, _ before: Int) -> Disposition? {
        // Sources are known by the sets that rules have.
        let key = Key(Int32(link), to: end, by: nil, source: -1 - memberships[start])
        if let tail = tails[key], before + tail.hops <= Self.hopLimit {
            see(tail.nodes)
            return tail.disposition
        }
        var hops = 0
        var (arrival, number) = (link, 2)
        var isShared = true
        var own: [Int32] = []
        while before + hops <= Self.hopLimit {
            let step = step(number, from: arrival, at: network.owner(of: arrival), start, end)
            number += 1
            hops += step.hops
            own += step.nodes
            isShared = isShared && !step.isOfSource
            switch step.end {
            case .arrival(let link): arrival = link
            case .disposition(let disposition):
                see(own)
                if isShared { tails[key] = Tail(nodes: own, hops: hops, disposition: disposition) }
                return disposition
            case .odd: return nil
            }
        }
        return nil
    }

    /// A node that has a packet twice in a row is one on its way.
    private mutating func see(_ more: [Int32]) {
        for node in more where node != nodes.last { nodes.append(node) }
    }

    /// - `number`: which step of its flow it is.
    private mutating func step(
        _ number: Int, from arrival: Int?, at node: Int, _ start: Int, _ end: Int
    ) -> Step {
        let place = Int32(arrival ?? -1 - node)
        if number < 2 {
            let key = Key(place, to: end, by: commonRoute(at: node), source: Int32(start))
            if let known = firstSteps[key] { return known }
            let step = walked(from: arrival, at: node)
            firstSteps[key] = step
            return step
        }
        let shared = Key(place, to: end, by: commonRoute(at: node), source: -1 - memberships[start])
        if let known = steps[shared] ?? steps[shared.of(start)] { return known }
        let step = walked(from: arrival, at: node)
        steps[step.isOfSource ? shared.of(start) : shared] = step
        return step
    }

    /// By which the packet goes on, if nothing else of its destination matters.
    private func commonRoute(at node: Int) -> Int? {
        let here = network.nodes[node]
        let destination = walk.packet.header.destination
        return here.translation.isEmpty && !here.has(destination) ? here.commonRoute(to: destination) : nil
    }

    private mutating func walked(from arrival: Int?, at node: Int) -> Step {
        let turn = walk.step(arrival.map { .arrive(link: $0, nil) } ?? .leave(ModelWalk.Departure(node: node)))
        return Step(nodes: walk.visited, hops: walk.hops, end: ending(turn), isOfSource: walk.hasReadSource)
    }

    private func ending(_ turn: ModelWalk.Turn) -> Step.End {
        let (now, before) = (walk.packet.header, walk.original)
        switch turn {
        case .arrive(let link, _):
            return now.source == before.source && now.destination == before.destination ? .arrival(link) : .odd
        case .end(let ending):
            return ending.disposition == .translated ? .odd : .disposition(ending.disposition)
        case .leave: return .odd
        }
    }
}
