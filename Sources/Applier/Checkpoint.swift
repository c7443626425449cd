import JSONReader
package import NetworkState

/// How to get back to before an apply: the changes that it set out to make, and what it found.
///
/// While the apply runs it is its journal: one that is found with nobody holding the host's lock is of a run that was
/// cut short. Of an apply that somebody has to confirm it is what is gone back to.
package struct Checkpoint: Hashable, Sendable {
    package static let version: Int64 = 2

    package let topology: String
    package let host: String
    package let changes: [Change]
    /// As much of what was observed as the changes touch.
    let before: HostState
    /// From what it was before to what it is to be; nil if there was none.
    let ledger: LedgerDifference?
    /// Whose run it is.
    package let holder: LedgerFile.Holder
    /// Until when somebody has to confirm it, as RFC 3339 writes it; nil if nobody has to.
    package let deadline: String?
    /// Whether all changes have been made.
    package var isMade = false

    init(of plan: Plan, from observed: HostState, ledger: Ledger?, deadline: String?) {
        topology = plan.topology
        host = plan.host
        changes = plan.changes
        before = TouchedThings(by: plan.changes, in: observed).part(of: observed)
        self.ledger = ledger.map { LedgerDifference(from: $0, to: plan.ledger) }
        holder = .current
        self.deadline = deadline
    }

    /// What to look at to see how far the host is from there.
    var interest: HostState { HostState(touchedBy: changes).union(before) }
}

extension Checkpoint {
    /// JSON, a line a change and a resource.
    var text: [UInt8] {
        var members: [(String, JSONWriter.Writing)] = [
            ("before", { $0.write(before) }), ("changes", { $0.write(changes) }),
            ("holder", { $0.write(holder.json) }), ("host", { $0.write(.string(host)) }),
            ("made", { $0.write(.bool(isMade)) }), ("topology", { $0.write(.string(topology)) }),
            ("version", { $0.write(.integer(Self.version)) }),
        ]
        if let ledger { members.append(("ledger", { $0.write(ledger) })) }
        if let deadline { members.append(("deadline", { $0.write(.string(deadline)) })) }
        var writer = JSONWriter(.tabular)
        writer.object(members.sorted { $0.0 < $1.0 })
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    /// Nil if `json` is not what ``text`` says.
    init?(json: JSON) {
        guard json["version"]?.integer == Self.version, let topology = json["topology"]?.string,
            let host = json["host"]?.string, let changes = json["changes"]?.array,
            let before = json["before"].flatMap(HostState.init(json:)),
            let holder = json["holder"].flatMap(LedgerFile.Holder.init(json:)), let isMade = json["made"]?.bool
        else { return nil }
        let ledger = json["ledger"].flatMap(LedgerDifference.init(json:))
        self.changes = changes.compactMap(Change.init(json:))
        guard self.changes.count == changes.count, (ledger == nil) == (json["ledger"] == nil) else { return nil }
        (self.topology, self.host, self.before, self.ledger, self.holder) = (topology, host, before, ledger, holder)
        deadline = json["deadline"]?.string
        self.isMade = isMade
    }
}
