package import NetworkState

extension Plan {
    package static let formatVersion: Int64 = 1

    /// Canonical: no time, no machine, every list in plan order. Equal plans give equal bytes.
    package var json: JSON {
        .members([
            "version": .integer(Self.formatVersion),
            "topology": .string(topology),
            "host": .string(host),
            "changes": .array(changes.map { $0.json(on: host) }),
            "conflicts": .array(conflicts.map { $0.json(on: host) }),
            "missingLinks": .array(missingLinks.map { $0.json(on: host) }),
            "summary": summaryJSON,
            "ledger": ledger.json,
            "witness": witness?.json,
        ])
    }

    fileprivate var summaryJSON: JSON {
        let counts = counts
        return .object([
            "add": .integer(Int64(counts[.add] ?? 0)),
            "change": .integer(Int64(counts[.change] ?? 0)),
            "replace": .integer(Int64(counts[.replace] ?? 0)),
            "remove": .integer(Int64(counts[.remove] ?? 0)),
            "unchanged": .integer(Int64(unchanged)),
            "conflicts": .integer(Int64(conflicts.count)),
        ])
    }

    /// Nil if `json` is not what ``json`` writes.
    package init?(json: JSON) {
        guard json["version"]?.integer == Self.formatVersion, let topology = json["topology"]?.string,
            let host = json["host"]?.string, let changes = json["changes"]?.array,
            let conflicts = json["conflicts"]?.array, let missingLinks = json["missingLinks"]?.array,
            let unchanged = json["summary"]?["unchanged"]?.integer,
            let ledger = json["ledger"].flatMap(Ledger.init(json:))
        else { return nil }
        let read = changes.compactMap(Change.init(planned:))
        guard read.count == changes.count else { return nil }
        self.init(topology: topology, host: host, changes: read, unchanged: Int(unchanged), ledger: ledger)
        self.conflicts = conflicts.compactMap(Conflict.init(json:))
        self.missingLinks = missingLinks.compactMap(MissingLink.init(json:))
        witness = json["witness"].flatMap(Witness.init(json:))
        guard self.conflicts.count == conflicts.count, self.missingLinks.count == missingLinks.count,
            (witness == nil) == (json["witness"] == nil)
        else { return nil }
    }
}

extension JSONWriter {
    /// As ``Plan/json`` says it, straight from its changes: those of a thousand hosts are millions of dictionaries.
    package mutating func write(_ plan: Plan) {
        let witness: [(String, Writing)] =
            plan.witness.map { witness in [("witness", { $0.write(witness.json) })] } ?? []
        let members: [(String, Writing)] = [
            ("changes", { $0.array(count: plan.changes.count) { $0.write(plan.changes[$1], on: plan.host) } }),
            ("conflicts", { $0.write(.array(plan.conflicts.map { $0.json(on: plan.host) })) }),
            ("host", { $0.write(.string(plan.host)) }),
            ("ledger", { $0.write(plan.ledger) }),
            ("missingLinks", { $0.write(.array(plan.missingLinks.map { $0.json(on: plan.host) })) }),
            ("summary", { $0.write(plan.summaryJSON) }),
            ("topology", { $0.write(.string(plan.topology)) }),
            ("version", { $0.write(.integer(Plan.formatVersion)) }),
        ]
        object(members + witness)
    }

    private mutating func write(_ change: Change, on host: String) {
        var members: [(String, Writing)] = [("action", { $0.write(.string(change.action.rawValue)) })]
        if let after = change.after { members.append(("after", { $0.object(after.jsonMembers) })) }
        if let before = change.before { members.append(("before", { $0.object(before.jsonMembers) })) }
        members.append(("commands", { $0.write(change.commands) }))
        members.append(("kind", { $0.write(.string(change.identity.kind)) }))
        members.append(("name", { $0.write(.string(change.name(on: host))) }))
        if let name = change.netns.name { members.append(("netns", { $0.write(.string(name)) })) }
        if let reason = change.reason { members.append(("reason", { $0.write(.string(reason)) })) }
        if let source = change.source { members.append(("source", { $0.write(.string(source)) })) }
        if !change.takes.isEmpty {
            members.append(("takes", { $0.write(.array(change.takes.map { $0.json(on: host) })) }))
        }
        members.append(("undo", { $0.write(change.inverse.commands) }))
        object(members)
    }

    private mutating func write(_ commands: [String]) {
        array(count: commands.count) { $0.write(.string(commands[$1])) }
    }
}

extension Change {
    fileprivate func json(on host: String) -> JSON {
        .members([
            "name": .string(name(on: host)),
            "kind": .string(identity.kind),
            "netns": netns.name.map(JSON.string),
            "action": .string(action.rawValue),
            "before": before?.json,
            "after": after?.json,
            "reason": reason.map(JSON.string),
            "source": source.map(JSON.string),
            "takes": takes.isEmpty ? nil : .array(takes.map { $0.json(on: host) }),
            "commands": .array(commands.map(JSON.string)),
            "undo": .array(inverse.commands.map(JSON.string)),
        ])
    }

    /// A change, and what it takes with it.
    fileprivate init?(planned json: JSON) {
        self.init(json: json)
        for element in json["takes"]?.array ?? [] {
            guard let casualty = Casualty(json: element) else { return nil }
            takes.append(casualty)
        }
    }
}

extension Plan.Conflict {
    fileprivate func json(on host: String) -> JSON {
        .members([
            "name": .string(name(on: host)),
            "kind": .string(held.identity.kind),
            "netns": netns.name.map(JSON.string),
            "held": held.json,
            "reason": .string(reason),
            "source": source.map(JSON.string),
        ])
    }

    fileprivate init?(json: JSON) {
        guard let kind = json["kind"]?.string, let reason = json["reason"]?.string,
            let held = json["held"].flatMap({ Resource(kind: kind, json: $0) })
        else { return nil }
        self.init(in: Netns(json: json["netns"]), held: held, reason: reason, source: json["source"]?.string)
    }

    /// As ``Change/name(on:)``.
    package func name(on host: String) -> String { ResourcePlace(held.identity, in: netns).name(on: host) }
}

extension Plan.MissingLink {
    fileprivate func json(on host: String) -> JSON {
        .members([
            "host": .string(netns.name ?? host),
            "netns": netns.name.map(JSON.string),
            "link": .string(link.text),
            "source": source.map(JSON.string),
        ])
    }

    fileprivate init?(json: JSON) {
        guard let link = json["link"]?.string.flatMap({ LinkName($0) }) else { return nil }
        self.init(in: Netns(json: json["netns"]), link: link, source: json["source"]?.string)
    }
}

extension Netns {
    /// A name, or nothing for the host's own.
    fileprivate init(json: JSON?) {
        self = json?.string.map(Netns.named) ?? .own
    }
}
