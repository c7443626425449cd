import NetworkState

/// What is different between two topologies: for hosts what they would do, for containers whom they reach and how.
///
/// Told from the topologies alone, for machines that have just the old one applied to them; of pairs, by what the forwarding model
/// has become of packets.
package struct TopologyComparison: Sendable {
    /// Something that all of a topology has one of: `mtu 1500 -> 1450`.
    struct Setting: Hashable {
        let name: String
        let before: String
        let after: String
    }

    /// Nodes of one kind that are in just one of the two.
    struct Arrival: Hashable {
        let kind: Node.Kind
        let names: [String]
        /// Of containers.
        let host: String?
        let isNew: Bool
    }

    struct HostChange: Hashable {
        enum Kind: String {
            case joins, leaves, changes
        }

        let kind: Kind
        let plan: Plan
    }

    let old: String
    let new: String
    let settings: [Setting]
    let arrivals: [Arrival]
    let hosts: [HostChange]
    let unchangedHosts: Int
    let pairs: [PassageChange]
    private let pairCounts: [PassageChange.Kind: Int]
    /// Pairs that are cut while hosts change one after the other; of the first so many hosts that do.
    let interruptions: [Interruption]

    /// Each with the text that it was read from, whose name stands for it.
    package init(
        from old: ValidTopology, _ oldSource: SourceText, to new: ValidTopology, _ newSource: SourceText
    ) {
        (self.old, self.new) = (oldSource.name, newSource.name)
        settings = zip(old.settings, new.settings).compactMap { before, after in
            before == after ? nil : Setting(name: before.name, before: before.value, after: after.value)
        }
        arrivals = Self.arrivals(from: old, to: new)
        let surveys = SurveyPair(from: old, to: new)
        hosts = Self.hostChanges(from: old, to: new, newSource, redeclared: surveys.redeclaredHosts)
        unchangedHosts = new.hosts.count - hosts.count { $0.kind != .leaves }
        var comparison = PassageComparison(surveys, from: old, to: new)
        (pairs, pairCounts) = comparison.changes()
        let rollout = Rollout(surveys, from: old, to: new, hosts: comparison.changingHosts, comparison.lasting)
        interruptions = rollout.interruptions
    }

    package var isEmpty: Bool { settings.isEmpty && arrivals.isEmpty && hosts.isEmpty && pairs.isEmpty }

    func count(_ kind: HostChange.Kind) -> Int { hosts.count { $0.kind == kind } }

    /// Pairs of ends, one way. A pair that both families have the same happen to counts once.
    func count(_ kind: PassageChange.Kind) -> Int { pairCounts[kind] ?? 0 }

    /// Pairs, whichever families are cut.
    var countOfInterrupted: Int {
        Dictionary(interruptions.map { ([$0.from, $0.to], $0.count) }) { first, _ in first }.values.reduce(0, +)
    }

    /// - `redeclared`: hosts of both that are to have something else.
    private static func hostChanges(
        from old: ValidTopology, to new: ValidTopology, _ source: SourceText, redeclared: Set<String>
    ) -> [HostChange] {
        let former = Dictionary(uniqueKeysWithValues: zip(old.hosts.map(\.name), old.hosts.indices))
        let staying = Set(new.hosts.map(\.name))
        let leaving = old.hosts.indices.filter { !staying.contains(old.hosts[$0].name) }.map { index in
            let host = CompiledHost(old, host: index, source: nil)
            let nothing = CompiledHost(topology: new.name, name: host.name)
            return HostChange(kind: .leaves, plan: nothing.plan(after: host))
        }
        return leaving
            + new.hosts.indices.compactMap { index in
                let name = new.hosts[index].name
                let before = former[name]
                if before != nil && !redeclared.contains(name) { return nil }
                let host = CompiledHost(new, host: index, source: source)
                guard let before else { return HostChange(kind: .joins, plan: host.offlinePlan) }
                let plan = host.plan(after: CompiledHost(old, host: before, source: nil))
                return plan.changes.isEmpty ? nil : HostChange(kind: .changes, plan: plan)
            }
    }

    private static func arrivals(from old: ValidTopology, to new: ValidTopology) -> [Arrival] {
        let (before, after) = (old.members, new.members)
        let places = Set(before.keys).union(after.keys).sorted()
        return [false, true].flatMap { isNew in
            places.compactMap { place in
                let (own, other) = isNew ? (after[place], before[place]) : (before[place], after[place])
                let known = Set(other ?? [])
                let names = (own ?? []).filter { !known.contains($0) }
                return names.isEmpty
                    ? nil : Arrival(kind: place.kind, names: names, host: place.host, isNew: isNew)
            }
        }
    }
}

/// Where names are listed.
private struct Roll: Hashable, Comparable {
    private static let order: [Node.Kind] = [.segment, .router, .server, .host, .container]

    let kind: Node.Kind
    var host: String?

    static func < (left: Roll, right: Roll) -> Bool { left.key < right.key }

    private var key: (Int, String) { (Self.order.firstIndex(of: kind) ?? 0, host ?? "") }
}

extension ValidTopology {
    /// The names of all nodes, in the file's order.
    fileprivate var members: [Roll: [String]] {
        var members = [
            Roll(kind: .segment): segments.map(\.name), Roll(kind: .router): routers.map(\.name),
            Roll(kind: .server): servers.map(\.name), Roll(kind: .host): hosts.map(\.name),
        ]
        for host in hosts { members[Roll(kind: .container, host: host.name)] = host.containers.map(\.name) }
        return members
    }

    /// What is chosen for all of it at once, by the keys of the file.
    fileprivate var settings: [(name: String, value: String)] {
        let peers = model.when == .crossSubnet ? " when crossSubnet" : ""
        return [
            ("name", name), ("attachment", model.attachment.rawValue),
            ("encapsulation", model.encapsulation.rawValue + peers),
            ("peerRouteProtocol", peerRouteProtocol.description), ("egress", egress.rawValue),
            ("nextHops", nextHops.rawValue), ("pools", pools.map(\.description).joined(separator: " ")),
            ("mtu", String(mtu)),
        ]
    }
}
