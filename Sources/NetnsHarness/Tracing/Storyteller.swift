import Applier
import Compiler
import Netlink
import NetworkState

/// Makes the steps of a story of what was seen on the wire and of what the kernels say that they do with such a packet.
struct Storyteller {
    private struct Told {
        let leg: PacketStory.Leg
        let node: String
        let time: MonotonicTime?
        let event: PacketStory.Event
    }

    private struct Asked: Hashable {
        let node: String
        let target: IPAddress
    }

    private let lab: Lab
    private let containers: Set<String>
    private let hosts: Set<String>
    private let talk: NeighbourTalk
    private var told: [Told] = []
    private var asked: Set<Asked> = []
    private var leg = PacketStory.Leg.there

    init(_ lab: Lab, _ recording: Recording) {
        self.lab = lab
        containers = Set(lab.topology.hosts.flatMap { $0.containers.map(\.name) })
        hosts = Set(lab.topology.hosts.map(\.name))
        talk = NeighbourTalk(recording)
    }

    /// In the order in which they took place.
    var steps: [PacketStory.Step] {
        let start = told.compactMap(\.time).min()
        return told.map { step in
            let microseconds = step.time.flatMap { time in
                start.map { Int((time.nanoseconds - $0.nanoseconds) / 1_000) }
            }
            return PacketStory.Step(step.leg, at: step.node, step.event, microseconds: microseconds)
        }
    }

    /// - `question`: of which nothing may have been seen.
    mutating func tell(_ journey: Journey, _ question: PacketStory.Question) throws(ApplyError) {
        for leg in [Journey.Leg.there, .back, .error] {
            self.leg = PacketStory.Leg(leg)
            let visits = journey.visits(leg)
            for (place, visit) in visits.enumerated() {
                let next = place + 1 < visits.count ? visits[place + 1].node : nil
                try tell(visit, isFirst: place == 0, next: next)
            }
        }
        guard journey.sightings.isEmpty else { return }
        leg = .there
        try tellDecision(at: question.from, to: question.destination)
        tellUnanswered(at: question.from)
    }

    private mutating func add(_ event: PacketStory.Event, at node: String, _ time: MonotonicTime? = nil) {
        told.append(Told(leg: leg, node: node, time: time, event: event))
    }

    private mutating func tell(_ visit: Journey.Visit, isFirst: Bool, next: String?) throws(ApplyError) {
        var (arrival, departure): (Journey.Sighting?, Journey.Sighting?)
        let isSwitched = visit.isSwitched && !isFirst
        for sighting in visit.sightings {
            if sighting.direction == .incoming {
                tellArrival(sighting, after: arrival)
                arrival = sighting
            } else if isSwitched {
                if departure == nil { add(.switches, at: visit.node) }
                add(.sends(PacketStory.Passing(sighting)), at: visit.node, sighting.time)
                departure = sighting
            } else {
                try tellDeparture(sighting, after: departure, arrival)
                departure = sighting
            }
        }
        if departure == nil, let arrival {
            let packet = arrival.outermost
            try tellDecision(
                at: visit.node, to: packet.destination, from: packet.source, incoming: LinkName(arrival.link))
        }
        if next == nil { tellUnanswered(at: visit.node) }
        if let next, departure?.layers.isEmpty == true, hosts.contains(visit.node), !containers.contains(next) {
            add(.staysPlain, at: visit.node)
        }
    }

    private mutating func tellArrival(_ sighting: Journey.Sighting, after former: Journey.Sighting?) {
        if let former, let layer = former.layers.first, former.layers.count > sighting.layers.count {
            add(.leaves(PacketStory.Envelope(layer)), at: sighting.node)
        }
        add(.receives(PacketStory.Passing(sighting)), at: sighting.node, sighting.time)
    }

    private mutating func tellDeparture(
        _ sighting: Journey.Sighting, after former: Journey.Sighting?, _ arrival: Journey.Sighting?
    ) throws(ApplyError) {
        if let former {
            if let layer = sighting.layers.first, sighting.layers.count > former.layers.count {
                add(.enters(PacketStory.Envelope(layer)), at: sighting.node)
                try tellDecision(at: sighting.node, to: layer.outer.destination)
            }
        } else {
            try tellForwarding(sighting, arrival)
        }
        try tellResolution(sighting)
        add(.sends(PacketStory.Passing(sighting)), at: sighting.node, sighting.time)
    }

    /// Why a packet that came as `arrival`, or is the node's own, leaves as `sighting`.
    private mutating func tellForwarding(
        _ sighting: Journey.Sighting, _ arrival: Journey.Sighting?
    ) throws(ApplyError) {
        guard let arrival else { return try tellDecision(at: sighting.node, to: sighting.packet.destination) }
        // What is still in its envelope is forwarded by what stands on that.
        let isWrapped = arrival.layers.count == sighting.layers.count
        let (before, after) =
            isWrapped ? (arrival.outermost, sighting.outermost) : (arrival.packet, sighting.packet)
        tellTranslation(.destination, before.destination, after.destination, at: sighting.node)
        try tellDecision(
            at: sighting.node, to: after.destination, from: before.source, incoming: LinkName(arrival.link))
        tellTranslation(.source, before.source, after.source, at: sighting.node)
    }

    private mutating func tellTranslation(
        _ side: PacketStory.Translation.Side, _ before: IPAddress, _ after: IPAddress, at node: String
    ) {
        if before != after { add(.translates(PacketStory.Translation(side, from: before, to: after)), at: node) }
    }
}

// What has to be asked of kernels.
extension Storyteller {
    /// What `node` does with a packet; with one of its own if it has not come in.
    private mutating func tellDecision(
        at node: String, to destination: IPAddress, from source: IPAddress? = nil, incoming: LinkName? = nil
    ) throws(ApplyError) {
        switch try answer(of: node, RouteQuestion(to: destination, from: source, incoming: incoming)) {
        case .route(let route)? where route.kind == .local && incoming != nil: add(.arrives, at: node)
        case .route(let route)?:
            let words = "\(route.destination.destinationText) \(Resource.route(route).words)"
            add(.routes(destination: destination, route: words), at: node)
        case .refused(let errno)?:
            let words = Errno.words(ofRoute: errno, isForwarded: incoming != nil)
            add(.refuses(destination: destination, reason: "\(words) (\(Errno.text(errno)))"), at: node)
        case .delivered?: add(.arrives, at: node)
        case nil: break
        }
    }

    private func answer(of node: String, _ question: RouteQuestion) throws(ApplyError) -> RouteQuestion.Answer? {
        var applier = Applier(HostNamespaces(own: .named(node), directory: lab.directory.path))
        return try applier.ask(question, in: .own)
    }

    /// How the node has found out at which link-layer address the next one is, if that was seen and not told yet.
    private mutating func tellResolution(_ sighting: Journey.Sighting) throws(ApplyError) {
        guard let target = sighting.destination,
            let exchange = talk.exchange(of: sighting.node, sighting.link, for: target, before: sighting.time),
            let answerer = exchange.answerer,
            asked.insert(Asked(node: sighting.node, target: exchange.target)).inserted
        else { return }
        let answer = PacketStory.Resolution.Answer(
            node: answerer.node, link: answerer.link, linkLayer: answerer.linkLayer,
            isOwner: try isOwner(answerer.node, of: exchange.target))
        add(
            .resolves(PacketStory.Resolution(link: exchange.link, address: exchange.target, answer: answer)),
            at: sighting.node, exchange.time)
    }

    private func isOwner(_ node: String, of address: IPAddress) throws(ApplyError) -> Bool {
        switch try answer(of: node, RouteQuestion(to: address)) {
        case .delivered?: true
        case .route(let route)?: route.kind == .local
        case .refused?, nil: false
        }
    }

    private mutating func tellUnanswered(at node: String) {
        for exchange in talk.unanswered(at: node) {
            add(
                .resolves(PacketStory.Resolution(link: exchange.link, address: exchange.target, answer: nil)),
                at: node, exchange.time)
        }
    }
}

extension Journey.Visit {
    /// Whether it left as it came, as by a bridge. Where it came in by a bridge's port was not seen: there it is addressed
    /// to another's link.
    fileprivate var isSwitched: Bool {
        guard let departure = sightings.first(where: { $0.direction == .outgoing }) else { return false }
        let arrival = sightings.last { $0.direction == .incoming && $0.time <= departure.time }
        return arrival.map { $0.outermost == departure.outermost } ?? true
    }
}

extension Journey.Sighting {
    /// The packet that the link carries, whatever is in it.
    fileprivate var outermost: Packet { layers.first?.outer ?? packet }
}

extension PacketStory.Leg {
    fileprivate init(_ leg: Journey.Leg) {
        switch leg {
        case .there: self = .there
        case .back: self = .back
        case .error: self = .error
        }
    }
}

extension PacketStory.Envelope {
    fileprivate init(_ layer: Encapsulation.Layer) {
        self.init(tunnel: layer.tunnel.text, source: layer.outer.source, destination: layer.outer.destination)
    }
}

extension PacketStory.Passing {
    fileprivate init(_ sighting: Journey.Sighting) {
        let packet = sighting.outermost
        let pair = sighting.source.flatMap { source in
            sighting.destination.map { Pair(source: source, destination: $0) }
        }
        self.init(
            link: sighting.link, source: packet.source, destination: packet.destination,
            timeToLive: packet.timeToLive, linkLayer: pair)
    }
}

extension Errno {
    /// What it means that the kernel refuses to tell a route, see ``RouteQuestion/Answer/refused(errno:)``.
    fileprivate static func words(ofRoute code: Int32, isForwarded: Bool) -> String {
        switch code {
        case hostUnreachable where isForwarded: "this node does not forward what comes in by that link"
        case networkUnreachable: "no route"
        case hostUnreachable: "an unreachable route"
        case permissionDenied: "a prohibiting route"
        case invalidArgument where isForwarded: "not from there: rp_filter, or a source that is nobody's"
        case invalidArgument: "a blackhole route"
        default: "refused"
        }
    }
}
