/// What would bring one host to its declared state: changes, in the order in which they must happen.
package struct Plan: Hashable, Sendable {
    /// Something that is not ours and stands where a declared resource should.
    package struct Conflict: Hashable, Sendable {
        package let netns: Netns
        package let held: Resource
        /// Why the plan cannot do without it, and what to do.
        package let reason: String
        package let source: String?

        package init(in netns: Netns, held: Resource, reason: String, source: String? = nil) {
            self.netns = netns
            self.held = held
            self.reason = reason
            self.source = source
        }
    }

    /// A link that the plan builds on and does not make, and that is not there.
    package struct MissingLink: Hashable, Sendable {
        package let netns: Netns
        package let link: LinkName
        package let source: String?

        package init(in netns: Netns, link: LinkName, source: String?) {
            self.netns = netns
            self.link = link
            self.source = source
        }
    }

    package let topology: String
    package let host: String
    package var changes: [Change]
    package var conflicts: [Conflict]
    package var missingLinks: [MissingLink] = []
    /// How many declared resources already are as they should be.
    package var unchanged: Int
    /// What is to be remembered once the changes are made.
    package var ledger: Ledger
    /// By what the host is known again if the plan is kept; nil for one that was made without a kernel.
    package var witness: Witness?

    package init(
        topology: String, host: String, changes: [Change], conflicts: [Conflict] = [], unchanged: Int, ledger: Ledger
    ) {
        self.topology = topology
        self.host = host
        self.changes = changes
        self.conflicts = conflicts
        self.unchanged = unchanged
        self.ledger = ledger
    }

    /// The changes as a reader counts them: a removal that makes room for an addition of the same name is one
    /// replacement, told where the removal stands; and what goes and comes back as it was with something else, is told with
    /// that.
    package var told: [Change] {
        let taken = Set(changes.lazy.flatMap(\.takes).map(\.place))
        if taken.isEmpty { return toldInFull }
        return toldInFull.filter { !$0.comesBack || !taken.contains($0.place) }
    }

    /// ``told``, and each by itself that goes and comes back with something else.
    package var toldInFull: [Change] {
        if !hasReplacement { return changes }
        let added = Dictionary(
            changes.filter { $0.action == .add }.map { ($0.place, $0) }, uniquingKeysWith: { first, _ in first })
        let removed = Set(changes.filter { $0.action == .remove }.map(\.place))
        return changes.compactMap { change in
            switch change.action {
            case .add: return removed.contains(change.place) ? nil : change
            case .remove:
                guard let addition = added[change.place] else { return change }
                var replacement = Change(
                    in: change.netns, from: change.before, to: addition.after, reason: change.reason,
                    source: addition.source)
                replacement.takes = change.takes
                return replacement
            case .change, .replace: return change
            }
        }
    }

    /// Whether what is removed is also added: nothing is removed, or nothing added, in most large plans.
    private var hasReplacement: Bool {
        if !changes.contains(where: { $0.before == nil }) { return false }
        let removed = Set(changes.lazy.filter { $0.after == nil }.map(\.place))
        return !removed.isEmpty && changes.contains { $0.before == nil && removed.contains($0.place) }
    }

    /// How many there are ``told`` of each action.
    package var counts: [Change.Action: Int] {
        let actions = told.map(\.toldAction)
        let counts = Change.Action.allCases.map { action in (action, actions.count { $0 == action }) }
        return Dictionary(uniqueKeysWithValues: counts.filter { $0.1 > 0 })
    }

    /// `Plan: 1 to add, 1 to change, 1 to replace, 1 to remove, 9,988 unchanged. 1 conflict.`
    package var summary: String {
        let counts = counts
        let parts = [
            "\(grouped(counts[.add] ?? 0)) to add", "\(grouped(counts[.change] ?? 0)) to change",
            "\(grouped(counts[.replace] ?? 0)) to replace", "\(grouped(counts[.remove] ?? 0)) to remove",
            "\(grouped(unchanged)) unchanged",
        ]
        let conflictText =
            conflicts.isEmpty ? "" : " \(grouped(conflicts.count)) conflict\(conflicts.count == 1 ? "" : "s")."
        return "Plan: \(parts.joined(separator: ", "))." + conflictText
    }
}

/// `9988` as `9,988`.
package func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    let groups = stride(from: digits.count % 3 - 3, to: digits.count, by: 3).compactMap { start in
        start + 3 > 0 ? String(digits[max(start, 0)..<start + 3]) : nil
    }
    return (number < 0 ? "-" : "") + groups.joined(separator: ",")
}
