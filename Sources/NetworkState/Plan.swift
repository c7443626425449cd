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
    /// replacement, told where the removal stands.
    package var told: [Change] {
        let added = Dictionary(
            changes.filter { $0.action == .add }.map { ($0.place, $0) }, uniquingKeysWith: { first, _ in first })
        let removed = Set(changes.filter { $0.action == .remove }.map(\.place))
        return changes.compactMap { change in
            switch change.action {
            case .add: return removed.contains(change.place) ? nil : change
            case .remove:
                guard let addition = added[change.place] else { return change }
                return Change(
                    in: change.netns, from: change.before, to: addition.after, reason: change.reason,
                    source: addition.source)
            case .change, .replace: return change
            }
        }
    }

    package func count(_ action: Change.Action) -> Int {
        told.count { $0.toldAction == action }
    }

    /// `Plan: 1 to add, 1 to change, 1 to replace, 1 to remove, 9,988 unchanged. 1 conflict.`
    package var summary: String {
        let counts = [
            "\(grouped(count(.add))) to add", "\(grouped(count(.change))) to change",
            "\(grouped(count(.replace))) to replace", "\(grouped(count(.remove))) to remove",
            "\(grouped(unchanged)) unchanged",
        ]
        let conflictText =
            conflicts.isEmpty ? "" : " \(grouped(conflicts.count)) conflict\(conflicts.count == 1 ? "" : "s")."
        return "Plan: \(counts.joined(separator: ", "))." + conflictText
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
