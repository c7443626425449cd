import NetworkState

/// Which pairs two topologies differ in, by the forwarding model.
struct PassageComparison {
    /// Ends that are of one class before and of one after: what becomes of one becomes of all.
    private struct Group {
        let names: [String]
        /// Nil where they are not there.
        let old: Int?
        let new: Int?
        let isChanged: Bool
        /// Of containers that stay on their host, that, if it is among those whose way over is looked at.
        let changingHost: String?
    }

    private struct Classes: Hashable {
        var old: Int?
        var new: Int?
    }

    private var old: Passages
    private var new: Passages
    private let groups: [Group]
    /// Whether ends that are not changed fare among themselves as they did.
    let isConfined: Bool

    /// Hosts that change, and whose pairs might be cut meanwhile.
    let changingHosts: [String]
    /// Pairs of those that have been found to be there before and after.
    private(set) var lasting: [Rollout.Pair] = []

    init(_ surveys: SurveyPair, from old: ValidTopology, to new: ValidTopology) {
        let hosts = new.hosts.map(\.name).filter(surveys.redeclaredHosts.contains)
        changingHosts = Array(hosts.prefix(Rollout.hostLimit))
        let groups = Self.groups(surveys, Set(changingHosts))
        self.groups = groups
        let isConfined = surveys.isConfined
        self.isConfined = isConfined
        let changed = groups.filter(\.isChanged)
        self.old = Passages(old, surveys.old, central: isConfined ? Set(changed.compactMap(\.old)) : nil)
        self.new = Passages(new, surveys.new, central: isConfined ? Set(changed.compactMap(\.new)) : nil)
    }

    /// What changes, and of each kind the pairs that do; one that both families have the same happen to counts once.
    mutating func changes() -> (changes: [PassageChange], counts: [PassageChange.Kind: Int]) {
        var all: [PassageChange] = []
        var counts: [PassageChange.Kind: Int] = [:]
        for from in groups {
            for to in groups where !isConfined || from.isChanged || to.isChanged {
                let changes = IPAddress.Family.allCases.compactMap { change(from: from, to: to, $0) }
                for kind in Set(changes.map(\.kind)) { counts[kind, default: 0] += changes[0].count }
                all += changes
            }
        }
        return (all.merged.sorted(), counts)
    }

    private mutating func change(from: Group, to: Group, _ family: IPAddress.Family) -> PassageChange? {
        let before = Self.passage(&old, from.old, to.old, family)
        let after = Self.passage(&new, from.new, to.new, family)
        if before != nil, after != nil, let home = from.changingHost, let target = to.changingHost, home != target {
            lasting.append(Rollout.Pair(from: from.names, to: to.names, family: family))
        }
        if before == after { return nil }
        let change = PassageChange(from: from.names, to: to.names, family: family, before: before, after: after)
        return change.count > 0 ? change : nil
    }

    private static func passage(
        _ passages: inout Passages, _ from: Int?, _ to: Int?, _ family: IPAddress.Family
    ) -> Passage? {
        guard let from, let to else { return nil }
        return passages.passage(fromClass: from, toClass: to, family)
    }

    private static func groups(_ surveys: SurveyPair, _ changing: Set<String>) -> [Group] {
        let homes = [surveys.old, surveys.new].map { survey in
            Dictionary(uniqueKeysWithValues: survey.ends.map { ($0.name, $0.host) })
        }
        var classes: [String: Classes] = [:]
        for (number, members) in surveys.old.classes.classes.enumerated() {
            for end in members { classes[surveys.old.ends[end].name, default: Classes()].old = number }
        }
        for (number, members) in surveys.new.classes.classes.enumerated() {
            for end in members { classes[surveys.new.ends[end].name, default: Classes()].new = number }
        }
        return Dictionary(grouping: classes.keys) { classes[$0] ?? Classes() }.map { known, names in
            let home = homes[0][names[0]] ?? nil
            let stays = home == homes[1][names[0]] ?? nil
            return Group(
                names: names.sorted(by: isBefore), old: known.old, new: known.new,
                isChanged: names.contains(where: surveys.changedNodes.contains),
                changingHost: stays ? home.flatMap { changing.contains($0) ? $0 : nil } : nil)
        }
    }
}
