package import NetworkState

extension TopologyComparison {
    package static let formatVersion: Int64 = 1

    /// For machines, canonical: equal comparisons give equal bytes.
    package var json: JSON {
        .object([
            "version": .integer(Self.formatVersion),
            "old": .string(old),
            "new": .string(new),
            "settings": .array(settings.map(\.json)),
            "nodes": .array(arrivals.map(\.json)),
            "hosts": .array(hosts.map(\.json)),
            "pairs": .array(pairs.map(\.json)),
            "summary": .object([
                "hostsJoining": .integer(Int64(count(HostChange.Kind.joins))),
                "hostsLeaving": .integer(Int64(count(HostChange.Kind.leaves))),
                "hostsChanging": .integer(Int64(count(HostChange.Kind.changes))),
                "hostsUnchanged": .integer(Int64(unchangedHosts)),
                "pairsLost": .integer(Int64(count(PassageChange.Kind.lost))),
                "pairsGained": .integer(Int64(count(PassageChange.Kind.gained))),
                "pairsChanged": .integer(Int64(count(PassageChange.Kind.changed))),
            ]),
        ])
    }
}

extension TopologyComparison.Setting {
    fileprivate var json: JSON {
        .object(["name": .string(name), "before": .string(before), "after": .string(after)])
    }
}

extension TopologyComparison.Arrival {
    fileprivate var json: JSON {
        .members([
            "action": .string(isNew ? "add" : "remove"),
            "kind": .string(kind.rawValue),
            "names": .array(names.map(JSON.string)),
            "host": host.map(JSON.string),
        ])
    }
}

extension TopologyComparison.HostChange {
    /// Not the plan as it can be saved: no kernel has been asked for it.
    fileprivate var json: JSON {
        .members([
            "host": .string(plan.host),
            "kind": .string(kind.rawValue),
            "changes": plan.json["changes"],
            "summary": plan.json["summary"],
        ])
    }
}

extension PassageChange {
    fileprivate var json: JSON {
        .members([
            "kind": .string(kind.rawValue),
            "from": .array(from.map(JSON.string)),
            "to": .array(to.map(JSON.string)),
            "family": .string(family == .v4 ? "ipv4" : "ipv6"),
            "pairs": .integer(Int64(count)),
            "before": before?.json,
            "after": after?.json,
        ])
    }
}

extension Passage {
    fileprivate var json: JSON {
        .members([
            "from": .string(from),
            "to": .string(to),
            "encapsulation": .string(encapsulation.rawValue),
            "via": way?.gateway.map { .string("\($0)") },
            "dev": way.map { .string($0.device.text) },
            "through": .array(through.map(JSON.string)),
            "back": back.map { .array($0.map(JSON.string)) },
            "source": source.map { .string("\($0)") },
            "mtu": mtu.map { .integer(Int64($0)) },
        ])
    }
}
