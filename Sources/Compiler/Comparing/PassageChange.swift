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

extension PassageChange: Comparable {
    static func < (left: PassageChange, right: PassageChange) -> Bool { left.order < right.order }

    /// By the kind, then by the hosts, then by the ends.
    private var order: (Int, String, String, String, Int) {
        (
            Kind.allCases.firstIndex(of: kind) ?? 0, (before ?? after)?.text ?? "", from.first ?? "", to.first ?? "",
            family == .v4 ? 0 : 1
        )
    }
}

extension [PassageChange] {
    /// With one for all that differ in the one end alone, or then in the other.
    var merged: [PassageChange] { merged(by: \.from) { $0.to = $1 }.merged(by: \.to) { $0.from = $1 } }

    private struct Alike: Hashable {
        var from: [String] = []
        var to: [String] = []
        let family: IPAddress.Family
        let before: Passage?
        let after: Passage?
    }

    /// - `common`: the end that they have in common; `set` has the key or the sum have the other.
    private func merged(
        by common: KeyPath<PassageChange, [String]>, _ set: (inout Alike, [String]) -> Void
    ) -> [PassageChange] {
        let groups = Dictionary(grouping: self) { change in
            var key = Alike(
                from: change.from, to: change.to, family: change.family, before: change.before, after: change.after)
            set(&key, [])
            return key
        }
        return groups.map { key, changes in
            guard changes.count > 1 else { return changes[0] }
            var sum = key
            set(&sum, changes.flatMap { common == \.from ? $0.to : $0.from }.sorted(by: isBefore))
            return PassageChange(
                from: sum.from, to: sum.to, family: sum.family, before: sum.before, after: sum.after)
        }
    }
}

/// `A2` before `A10`: names that differ in a number are ordered by it.
func isBefore(_ left: String, _ right: String) -> Bool {
    left.count == right.count ? left < right : left.count < right.count
}
