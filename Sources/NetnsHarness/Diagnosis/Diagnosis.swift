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
    private let nodes: [ProbeNode]
    private let ways: ExpectedWays
    private let intruders: Intruders
    private let opinion: KernelOpinion
    private var drift: Drift

    init(_ lab: Lab, after event: String?) {
        self.lab = lab
        self.event = event
        nodes = lab.topology.probeNodes
        ways = ExpectedWays(lab.topology)
        intruders = Intruders(lab)
        opinion = KernelOpinion(lab)
        drift = Drift(lab)
    }

    /// Who is to blame for each of some failures; those with the same culprits are told once.
    mutating func findings(_ result: CheckRound.Result) throws(ApplyError) -> [Finding] {
        var findings: [Finding] = []
        for suspicion in Suspicion.all(in: result).prefix(Self.limit) {
            let finding = try finding(suspicion)
            let culprits = Set(finding.culprits)
            if findings.contains(where: { !culprits.isEmpty && culprits.isSubset(of: $0.culprits) }) { continue }
            findings.append(finding)
        }
        let found = findings.filter { !$0.culprits.isEmpty }
        return found.isEmpty ? findings : found
    }

    private mutating func finding(_ suspicion: Suspicion) throws(ApplyError) -> Finding {
        let way = way(of: suspicion)
        let journey = try journey(of: suspicion, along: way)
        let last = journey?.last
        let culprits = try culprits(suspicion, along: way, journey)
        let ranked = culprits.filter { $0.node == last?.node } + culprits.filter { $0.node != last?.node }
        return Finding(
            from: suspicion.from, to: suspicion.to, address: suspicion.address, event: event, lastSeen: last?.text,
            culprits: ranked.uniqued, steps: (journey?.sightings ?? []).map(\.line))
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

    /// What becomes of one more packet, seen from everywhere.
    private func journey(
        of suspicion: Suspicion, along way: (there: [String], back: [String])
    ) throws(ApplyError) -> Journey? {
        guard let to = suspicion.to, let address = suspicion.address else { return nil }
        let isSmall = lab.nodes.count <= Self.watchLimit
        let watched = lab.nodes.filter { isSmall || $0.kind == .segment || (way.there + way.back).contains($0.name) }
        let ends = nodes.filter { $0.name == suspicion.from || $0.name == to }
        let probe = Probe(from: suspicion.from, to: to, address: address, protocol: .icmp)
        let nonce = UInt64.random(in: 0 ... .max)
        let lab = lab
        let (_, recording) = try systems { () throws(SystemError) in
            let tap = try Tap(on: watched.map(\.name), in: lab.directory)
            let namespaces = try lab.directory.hold(ends.map(\.name))
            return try withExtendedLifetime(namespaces) { () throws(SystemError) in
                let prober = try Prober(nodes: ends, namespaces: namespaces.descriptors)
                return try tap.record { () throws(SystemError) in
                    try prober.run([probe], patience: Self.patience, nonce: nonce)
                }
            }
        }
        return recording.journeys(ofRun: nonce)[0] ?? Journey()
    }

    private static let patience = ProbePatience(forAnswer: [.milliseconds(200)], forSilence: [.milliseconds(200)])
}

// Who is to blame.
extension Diagnosis {
    private mutating func culprits(
        _ suspicion: Suspicion, along way: (there: [String], back: [String]), _ journey: Journey?
    ) throws(ApplyError) -> [Culprit] {
        let involved = (way.there + way.back + (journey?.nodes(.there) ?? []) + (journey?.nodes(.back) ?? [])).uniqued
        let hosts = involved.map { name in nodes.first { $0.name == name }?.host ?? name }.uniqued
        var culprits: [Culprit] = []
        for host in hosts { culprits += try drift.culprits(on: host) }
        // A wire that is down takes routes with it. What a host has set since it was wired is told as the host's.
        let told = Set(culprits.map(\.text))
        culprits =
            try drift.culpritsOfUnderlay().filter { involved.contains($0.node) && !told.contains($0.text) } + culprits
        culprits += try opinions(suspicion, along: way, journey)
        for address in [suspicion.address, own(suspicion)].compactMap(\.self) where suspicion.to != nil {
            culprits += try intruders.holders(of: address)
        }
        for host in hosts where lab.topology.hosts.contains(where: { $0.name == host }) {
            culprits += try intruders.rules(on: host)
        }
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

/// A pair, or a node alone, that something is wrong with.
struct Suspicion: Hashable {
    let from: String
    let to: String?
    let address: IPAddress?

    /// Each once: of packets first.
    static func all(in result: CheckRound.Result) -> [Suspicion] {
        let probes = result.outcomes.filter { !$0.isAsExpected }.map {
            Suspicion(from: $0.probe.from, to: $0.probe.to, address: $0.probe.address)
        }
        let checks = result.checks.filter(\.isFailed).map { Suspicion(from: $0.from, to: $0.to, address: $0.address) }
        return (probes + checks).uniqued
    }
}

extension Journey.Sighting {
    /// `B:eth0 incoming 02:…:2a > 02:…:01 172.17.8.2 > 172.17.9.2 ttl 62 in vxlan`
    var line: String {
        let addresses = [source, destination].compactMap { $0?.description }.joined(separator: " > ")
        let tunnels = layers.map { " in \($0.tunnel.word)" }.joined()
        return "\(leg) \(node):\(link) \(direction) \(addresses) \(packet.source) > \(packet.destination) "
            + "ttl \(packet.timeToLive)\(tunnels)"
    }
}
