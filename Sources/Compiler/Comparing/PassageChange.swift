import NetworkState

/// Pairs of ends, one way, all of which gain, lose or change their passage alike.
struct PassageChange: Hashable {
    /// What is lost comes first.
    enum Kind: String, CaseIterable {
        case lost, changed, gained
    }

    /// Names of containers and servers, in their order.
    let from: [String]
    let to: [String]
    let family: IPAddress.Family
    let before: Passage?
    let after: Passage?

    var kind: Kind { before == nil ? .gained : after == nil ? .lost : .changed }

    /// How many pairs: nobody is paired with itself.
    var count: Int { from.count * to.count - Set(from).intersection(to).count }
}

/// Which pairs two topologies differ in.
struct PassageComparison {
    /// Ends that are at one station before and at one after: their passages are the same, so one stands for all.
    private struct Group {
        let names: [String]
        let old: Passages.End?
        let new: Passages.End?
    }

    private struct Stations: Hashable {
        let old: Station?
        let new: Station?
    }

    private let old: Passages
    private let new: Passages

    init(from old: ValidTopology, to new: ValidTopology) {
        (self.old, self.new) = (Passages(old), Passages(new))
    }

    var changes: [PassageChange] {
        let groups = groups
        return groups.flatMap { from in groups.flatMap { to in changes(from: from, to: to) } }
            .filter { $0.count > 0 }.sorted { $0.order < $1.order }
    }

    private var groups: [Group] {
        var names: [Stations: [String]] = [:]
        for name in Set(old.ends.keys).union(new.ends.keys) {
            names[Stations(old: old.ends[name]?.station, new: new.ends[name]?.station), default: []].append(name)
        }
        return names.values.map { names in
            Group(
                names: names.sorted(by: isBefore), old: names.first.flatMap { old.ends[$0] },
                new: names.first.flatMap { new.ends[$0] })
        }
    }

    private func changes(from: Group, to: Group) -> [PassageChange] {
        IPAddress.Family.allCases.compactMap { family in
            let before = old.passage(from: from.old, to: to.old, family)
            let after = new.passage(from: from.new, to: to.new, family)
            if before == after { return nil }
            return PassageChange(from: from.names, to: to.names, family: family, before: before, after: after)
        }
    }
}

extension Passages {
    fileprivate func passage(from: End?, to: End?, _ family: IPAddress.Family) -> Passage? {
        guard let from, let to else { return nil }
        return passage(from: from, to: to, family)
    }
}

extension PassageChange {
    /// By the kind, then by the hosts, then by the ends.
    fileprivate var order: (Int, String, String, String, Int) {
        (
            Kind.allCases.firstIndex(of: kind) ?? 0, (before ?? after)?.text ?? "", from.first ?? "", to.first ?? "",
            family == .v4 ? 0 : 1
        )
    }
}

/// `A2` before `A10`: names that differ in a number are ordered by it.
private func isBefore(_ left: String, _ right: String) -> Bool {
    left.count == right.count ? left < right : left.count < right.count
}
