import NetworkState

/// Which pairs fare as they should, found from flows alone: of most pairs no more need be known.
///
/// A pair is sound if the largest packet gets from the one to the other and from there back, both by the ways that they should take,
/// or if none should get there, and none does. Of all other pairs, this says nothing.
struct Soundness {
    private enum Flow: UInt8 {
        /// Direct is what comes by no machine but the two that the ends are at.
        case direct, asMeant, lost, other

        var isAsMeant: Bool { self == .direct || self == .asMeant }
    }

    private let ends: [NetworkEnd]
    private let judge: ReachabilityJudge
    private let ways: ExpectedWays
    private var flows: Flows
    /// Of each end, its node.
    private let nodes: [Int?]
    /// Of each node, its number among the machines of the underlay.
    private let machines: [Int?]
    /// Ends that have, of some family, several addresses, or one that others have as well.
    private let isIntricate: [Bool]
    /// The first of each class, and of each end whether it is one, and which.
    private let firsts: [Int]
    private let places: [Int?]
    /// What each end sends from, by families.
    private let sources: [[IPAddress?]]
    /// Of each first, whether its flows to all others are wanted; those of others are to these alone.
    private let isCentral: [Bool]
    /// From each first to each other, by families; empty for those that have not been looked at yet.
    private var known: [[[Flow]]]

    /// - `central`: classes, one of which is in each pair that will be asked about; nil for all.
    init(_ survey: NetworkSurvey, _ judge: ReachabilityJudge, _ topology: ValidTopology, central: Set<Int>? = nil) {
        self.judge = judge
        isCentral = survey.classes.classes.indices.map { central?.contains($0) ?? true }
        ends = survey.ends
        ways = judge.ways
        flows = Flows(survey.network, survey.classes.memberships, length: Int(topology.mtu))
        nodes = ends.map { survey.network.node($0.name) }
        machines = survey.network.nodes.map { judge.ways.machine($0.name) }
        var holders: [IPAddress: Int] = [:]
        for node in survey.network.nodes { for address in node.addresses.keys { holders[address, default: 0] += 1 } }
        isIntricate = ends.map { end in
            IPAddress.Family.allCases.contains { family in end.addresses.count { $0.family == family } > 1 }
                || end.addresses.contains { holders[$0, default: 0] > 1 }
        }
        let firsts = survey.classes.classes.map { $0[0] }
        self.firsts = firsts
        var places: [Int?] = Array(repeating: nil, count: ends.count)
        for (place, end) in firsts.enumerated() { places[end] = place }
        self.places = places
        sources = ends.map { end in IPAddress.Family.allCases.map { end.address($0) } }
        known = IPAddress.Family.allCases.map { _ in Array(repeating: [], count: firsts.count) }
    }

    mutating func isSound(from: Int, to: Int) -> Bool {
        if isIntricate[from] || isIntricate[to] { return false }
        // Each of the two has one address of a family at most.
        for (source, destination) in zip(sources[from], sources[to]) {
            guard let source, let destination else { continue }
            let prospect = judge.prospect(from, source, to, destination)
            let there = flow(from, source, to, destination)
            switch prospect {
            case .unreachable: if there != .lost { return false }
            case .reachable:
                let back = flow(to, destination, from, source)
                guard there.isAsMeant && back.isAsMeant else { return false }
                if there != back || there != .direct, !isSymmetric(from, source, to, destination) { return false }
            case .masqueraded: return false
            }
        }
        return true
    }

    /// A sender's flows to all other classes are walked one after the other: they have their first steps in common.
    private mutating func flow(_ from: Int, _ source: IPAddress, _ to: Int, _ destination: IPAddress) -> Flow {
        // Within a class, each is asked about once.
        guard let row = places[from], let column = places[to] else { return walked(from, source, to, destination) }
        let family = Int(source.family.rawValue)
        if known[family][row].isEmpty {
            known[family][row] = firsts.enumerated().map { place, end in
                guard end != from, isCentral[row] || isCentral[place], let target = sources[end][family] else {
                    return .other
                }
                return walked(from, source, end, target)
            }
        }
        return known[family][row][column]
    }

    private mutating func walked(_ from: Int, _ source: IPAddress, _ to: Int, _ destination: IPAddress) -> Flow {
        guard let start = nodes[from], let end = nodes[to],
            let disposition = flows.disposition(from: from, source, at: start, to: to, destination)
        else { return .other }
        switch disposition {
        case .delivered:
            guard let count = countAsMeant(flows.nodes, from, start, to, end, destination) else { return .other }
            return count <= 2 ? .direct : .asMeant
        case .noRoute, .blackholed, .neighbourUnreachable, .filtered: return .lost
        case .translated, .loop, .tooBig: return .other
        }
    }

    private func isSymmetric(_ from: Int, _ source: IPAddress, _ to: Int, _ destination: IPAddress) -> Bool {
        guard let there = ways.machines(from: from, to: to, at: destination),
            let back = ways.machines(from: to, to: from, at: source)
        else { return false }
        return there.elementsEqual(back.reversed())
    }

    /// How many machines it comes by, if by those that are meant.
    private func countAsMeant(
        _ nodes: [Int32], _ from: Int, _ start: Int, _ to: Int, _ end: Int, _ destination: IPAddress
    ) -> Int? {
        guard let meant = ways.machines(from: from, to: to, at: destination) else { return nil }
        var between = nodes[...]
        if ends[from].host != nil { if between.popFirst() != Int32(start) { return nil } }
        if ends[to].host != nil { if between.popLast() != Int32(end) { return nil } }
        guard between.count == meant.count, zip(between, meant).allSatisfy({ machines[Int($0)] == $1 }) else {
            return nil
        }
        return meant.count
    }
}
