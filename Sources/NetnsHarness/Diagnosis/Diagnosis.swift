import Applier
import Compiler
import Netlink
import NetworkState

/// Finds who is to blame for what a look at a lab has shown, as long as the lab is as it was then.
struct Diagnosis {
    /// So many pairs are gone after: more mostly suffer from the same.
    private static let limit = 6
    /// In a larger lab, only the nodes on a packet's way are watched.
    private static let watchLimit = 150

    private let lab: Lab
    private let event: String?
    /// What has failed, to be looked at once more for evidence; nil where nobody wants that.
    private let look: CheckRound?
    private let nodes: [ProbeNode]
    private let ways: ExpectedWays
    private let intruders: Intruders
    private let opinion: KernelOpinion
    private let badWires: BadWires
    private var drift: Drift

    /// - `past`: the events that have happened so far.
    init(_ lab: Lab, after event: String?, past: BadWires.Past = [], repeating look: CheckRound? = nil) {
        self.lab = lab
        self.event = event
        self.look = look
        nodes = lab.topology.probeNodes
        ways = ExpectedWays(lab.topology)
        intruders = Intruders(lab)
        opinion = KernelOpinion(lab)
        badWires = BadWires(lab, after: past)
        drift = Drift(lab)
    }

    /// Who is to blame for each of some failures; those with the same culprits refer to the first of them.
    mutating func findings(_ suspicions: [Suspicion]) throws(ApplyError) -> [Finding] {
        var findings: [Finding] = []
        for suspicion in suspicions.prefix(Self.limit) {
            var finding = try finding(suspicion)
            // What else there is of it mostly follows from that.
            if let likeliest = finding.culprits.first {
                finding.sameAs = findings.first { $0.sameAs == nil && $0.culprits.contains(likeliest) }?.pair
            }
            findings.append(finding)
        }
        let isAnyFound = findings.contains { !$0.culprits.isEmpty }
        return findings.filter { !isAnyFound || !$0.culprits.isEmpty || $0.evidence != nil }
    }

    private mutating func finding(_ suspicion: Suspicion) throws(ApplyError) -> Finding {
        let way = way(of: suspicion)
        let (journey, evidence) = try watch(suspicion, along: way)
        let last = journey?.last
        let passed = passed(way, journey)
        let wires = try badWires.culprits(among: passed)
        let culprits = try culprits(suspicion, along: way, passed, journey)
        let ranked =
            wires.grave + culprits.filter { $0.node == last?.node } + culprits.filter { $0.node != last?.node }
            + wires.slight
        return Finding(
            from: suspicion.from, to: suspicion.to, address: suspicion.address, event: event, lastSeen: last?.text,
            culprits: ranked.uniqued, packets: journey?.sightings ?? [],
            protocol: journey == nil ? nil : suspicion.protocol, evidence: evidence)
    }

    /// The nodes that the topology would have it go through, and those at its ends where it would not have it go at all.
    private func way(of suspicion: Suspicion) -> (there: [String], back: [String]) {
        let ends = [suspicion.from, suspicion.to].compactMap(\.self)
        let around = ends.flatMap { name in [name, nodes.first { $0.name == name }?.host].compactMap(\.self) }.uniqued
        guard let to = suspicion.to, let address = suspicion.address, let own = own(suspicion),
            let passage = ways.passage(from: suspicion.from, at: own, to: to, at: address)
        else { return (around, around.reversed()) }
        return (passage.there, passage.back)
    }

    private func own(_ suspicion: Suspicion) -> IPAddress? {
        nodes.first { $0.name == suspicion.from }?.sources.first { $0.family == suspicion.address?.family }
    }

    /// What becomes of one more packet, seen from everywhere; and all that is seen when it is asked again for what failed.
    private func watch(
        _ suspicion: Suspicion, along way: (there: [String], back: [String])
    ) throws(ApplyError) -> (journey: Journey?, evidence: Evidence?) {
        guard suspicion.to != nil || look != nil else { return (nil, nil) }
        let isSmall = lab.nodes.count <= Self.watchLimit
        let watched = lab.nodes.filter { isSmall || $0.kind == .segment || (way.there + way.back).contains($0.name) }
        let nonce = UInt64.random(in: 0 ... .max)
        return try systems { () throws(SystemError) in
            let tap = try Tap(on: watched.map(\.name), in: lab.directory, switches: lab.switchLinks)
            let (flows, recording) = try tap.record { () throws(SystemError) in
                let flows = try send(suspicion, nonce)
                _ = try look?.only(suspicion).run(patience: Self.patience)
                return flows
            }
            let evidence = look.map { _ in Evidence(recording, comment: suspicion.text(after: event)) }
            guard let flows else { return (nil, evidence) }
            return (recording.journeys(ofRun: nonce, flows)[0] ?? Journey(), evidence)
        }
    }

    /// Sends one more packet of those that were not answered as expected, and tells what its connection is known by.
    private func send(_ suspicion: Suspicion, _ nonce: UInt64) throws(SystemError) -> [TCPFlow: Int]? {
        guard let to = suspicion.to, let address = suspicion.address else { return nil }
        let ends = nodes.filter { $0.name == suspicion.from || $0.name == to }
        let probe = Probe(
            from: suspicion.from, to: to, address: address, protocol: suspicion.protocol, port: suspicion.port)
        let namespaces = try lab.directory.hold(ends.map(\.name))
        return try withExtendedLifetime(namespaces) { () throws(SystemError) in
            try Prober(nodes: ends, namespaces: namespaces.descriptors)
                .follow([probe], patience: Self.patience, nonce: nonce).flows
        }
    }

    private static let patience = ProbePatience(forAnswer: [.milliseconds(200)], forSilence: [.milliseconds(200)])
}

// Who is to blame.
extension Diagnosis {
    /// For packets that an event has cost, where nothing else is wrong once it is over: a bad wire on their way, with what
    /// becomes of one more packet there, or else the event itself.
    func finding(of loss: Check, by event: ValidTopology.Event, place: SourcePlace?) throws(ApplyError) -> Finding {
        let suspicion = Suspicion(from: loss.from, to: loss.to, address: loss.address)
        let way = way(of: suspicion)
        let wires = try badWires.culprits(among: passed(way, nil))
        let culprits = wires.grave + wires.slight
        guard !culprits.isEmpty else { return Finding(of: loss, by: event, place: place) }
        let (journey, evidence) = try watch(suspicion, along: way)
        let isAnswered = journey?.nodes(.back).last == loss.from
        return Finding(
            from: loss.from, to: loss.to, address: loss.address, event: event.name,
            lastSeen: isAnswered ? nil : journey?.last?.text, culprits: culprits, packets: journey?.sightings ?? [],
            protocol: journey == nil ? nil : suspicion.protocol, evidence: evidence)
    }

    /// The nodes that the packet and its answer should have come by, and those that they did come by.
    private func passed(_ way: (there: [String], back: [String]), _ journey: Journey?) -> [String] {
        (way.there + way.back + (journey?.nodes(.there) ?? []) + (journey?.nodes(.back) ?? [])).uniqued
    }

    private mutating func culprits(
        _ suspicion: Suspicion, along way: (there: [String], back: [String]), _ involved: [String],
        _ journey: Journey?
    ) throws(ApplyError) -> [Culprit] {
        let hosts = involved.map { name in nodes.first { $0.name == name }?.host ?? name }.uniqued
        var culprits: [Culprit] = []
        for host in hosts { culprits += try drift.culprits(on: host) }
        // A wire that is down takes routes with it. What a host has set since it was wired is told as the host's.
        let told = Set(culprits.map(\.text))
        culprits =
            try drift.culpritsOfUnderlay().filter { involved.contains($0.node) && !told.contains($0.text) } + culprits
        var duplicates: [Culprit] = []
        for address in [suspicion.address, own(suspicion)].compactMap(\.self) where suspicion.to != nil {
            duplicates += try intruders.holders(of: address)
        }
        // A kernel that has an address itself takes what comes from there for forged: that says nothing new.
        let doubled = Set(duplicates.map(\.node))
        culprits += duplicates
        culprits += try opinions(suspicion, along: way, journey).filter { !doubled.contains($0.node) }
        for node in (hosts + involved).uniqued { culprits += try intruders.rules(on: node) }
        return culprits
    }

    /// Of the kernels that should carry the packet, and if it got there its answer, up to the first that would not.
    private func opinions(
        _ suspicion: Suspicion, along way: (there: [String], back: [String]), _ journey: Journey?
    ) throws(ApplyError) -> [Culprit] {
        guard let address = suspicion.address, let own = own(suspicion), let to = suspicion.to else { return [] }
        let there = try opinions(along: way.there, from: own, to: address, journey, .there)
        guard there.isEmpty, journey?.nodes(.there).last == to || journey?.nodes(.back).isEmpty == false else {
            return there
        }
        return try opinions(along: way.back, from: address, to: own, journey, .back)
    }

    private func opinions(
        along nodes: [String], from source: IPAddress, to destination: IPAddress, _ journey: Journey?,
        _ leg: Journey.Leg
    ) throws(ApplyError) -> [Culprit] {
        for (place, node) in nodes.enumerated() {
            let incoming = journey?.sightings.first {
                $0.leg == leg && $0.node == node && $0.direction == .incoming && $0.layers.isEmpty
            }
            guard place == 0 || incoming != nil else { continue }
            let link = place == 0 ? nil : incoming.flatMap { LinkName($0.link) }
            let culprits = try opinion.culprits(at: node, from: source, to: destination, incoming: link)
            if !culprits.isEmpty { return culprits }
        }
        return []
    }
}
