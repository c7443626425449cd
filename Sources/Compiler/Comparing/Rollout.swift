import NetworkState

/// Pairs that both topologies have, and that get no answer while one of their two hosts has changed and the other has not.
struct Interruption: Hashable {
    let from: [String]
    let to: [String]
    let family: IPAddress.Family
    /// Hosts: each of which may be the first to change.
    let first: [String]
    let hosts: [String]

    var count: Int { from.count * to.count }

    var order: (String, String, Int) { (from.first ?? "", to.first ?? "", Int(family.rawValue)) }
}

/// What is cut while hosts change one after the other, in whatever order, as apply has them do.
///
/// Any two hosts have numbers that differ in some bit: it is enough to look at networks in which those have changed whose numbers
/// have a bit, and at those in which these alone have not.
struct Rollout {
    /// Containers, each side alike before and alike after, that reach each other in both; the first of each stands for all.
    struct Pair: Hashable {
        let from: [String]
        let to: [String]
        let family: IPAddress.Family
    }

    /// Beyond these, the number of pairs would take longer than all the rest.
    static let hostLimit = 64

    private let hosts: [String]
    private let pairs: [Pair]
    /// Those that are as they will be, whoever has changed.
    private let others: [ForwardingNode]
    private let before: [String: [ForwardingNode]]
    private let after: [String: [ForwardingNode]]
    private let homes: [String: String]
    /// Of ends, before and after.
    private let addresses: [[String: [IPAddress]]]

    /// - `hosts`: that change, at most ``hostLimit``.
    /// - `pairs`: of containers on two of them.
    init(_ surveys: SurveyPair, from old: ValidTopology, to new: ValidTopology, hosts: [String], _ pairs: [Pair]) {
        (self.hosts, self.pairs) = (hosts, pairs)
        let changing = Set(hosts)
        var homes: [String: String] = [:]
        for end in surveys.old.ends + surveys.new.ends { homes[end.name] = end.host }
        self.homes = homes
        addresses = [surveys.old, surveys.new].map { survey in
            Dictionary(uniqueKeysWithValues: survey.ends.map { ($0.name, $0.addresses) })
        }
        let isOther = { (node: ForwardingNode) in !changing.contains(homes[node.name] ?? node.name) }
        let lasting = surveys.new.network.nodes.filter(isOther)
        let known = Set(lasting.map(\.name))
        others = lasting + surveys.old.network.nodes.filter { isOther($0) && !known.contains($0.name) }
        let wanted = changing.union(pairs.flatMap { [$0.from[0], $0.to[0]] })
        before = old.nodes(ofHosts: changing, wanted)
        after = new.nodes(ofHosts: changing, wanted)
    }

    /// By their ends.
    var interruptions: [Interruption] {
        let cuts = cuts
        return pairs.compactMap { pair in
            cuts[pair].map { first in
                Interruption(
                    from: pair.from, to: pair.to, family: pair.family, first: first.sorted(by: isBefore),
                    hosts: [pair.from[0], pair.to[0]].compactMap { homes[$0] })
            }
        }.sorted { $0.order < $1.order }
    }

    /// Of each pair that is cut, the hosts that cut it if they change first.
    private var cuts: [Pair: Set<String>] {
        var first: [Pair: Set<String>] = [:]
        for bit in 0..<max(Int.bitWidth - max(hosts.count - 1, 0).leadingZeroBitCount, 1) {
            for isSet in [true, false] {
                let ahead = Set(hosts.indices.filter { ($0 >> bit & 1 == 1) == isSet }.map { hosts[$0] })
                let network = network(with: ahead)
                for pair in pairs {
                    guard let home = homes[pair.from[0]], let target = homes[pair.to[0]],
                        ahead.contains(home) != ahead.contains(target)
                    else { continue }
                    if isCut(pair, in: network, ahead) {
                        first[pair, default: []].insert(ahead.contains(home) ? home : target)
                    }
                }
            }
        }
        return first
    }

    private func network(with ahead: Set<String>) -> ForwardingNetwork {
        ForwardingNetwork(others + hosts.flatMap { (ahead.contains($0) ? after[$0] : before[$0]) ?? [] })
    }

    private func isCut(_ pair: Pair, in network: ForwardingNetwork, _ ahead: Set<String>) -> Bool {
        guard let source = address(pair.from[0], pair.family, ahead),
            let destination = address(pair.to[0], pair.family, ahead)
        else { return false }
        let question = PacketStory.Question(
            from: pair.from[0], to: pair.to[0], source: source, destination: destination, protocol: .icmp)
        return !network.predict(question, isRecorded: false).isAnswered
    }

    /// That it has now.
    private func address(_ end: String, _ family: IPAddress.Family, _ ahead: Set<String>) -> IPAddress? {
        let side = homes[end].map(ahead.contains) == true ? 1 : 0
        return addresses[side][end]?.first { $0.family == family }
    }
}

extension ValidTopology {
    /// Of some hosts and of their containers those that are wanted, by the hosts' names.
    fileprivate func nodes(ofHosts names: Set<String>, _ wanted: Set<String>) -> [String: [ForwardingNode]] {
        let underlay = plannedUnderlay
        let overlays = overlays
        var nodes: [String: [ForwardingNode]] = [:]
        for (index, host) in hosts.enumerated() where names.contains(host.name) {
            nodes[host.name] = plannedNamespaces(ofHost: index, on: underlay[host.name]).filter {
                wanted.contains($0.name)
            }
            .map { ForwardingNode($0.name, $0.state, overlay: overlays[$0.name]) }
        }
        return nodes
    }
}
