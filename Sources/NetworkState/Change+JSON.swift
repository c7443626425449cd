extension Change {
    /// What it was and what it is to be, and no more: what a machine needs to make the change, or to take it back.
    package var json: JSON {
        .members([
            "kind": .string(identity.kind),
            "netns": netns.name.map(JSON.string),
            "before": before?.json,
            "after": after?.json,
        ])
    }

    /// Nil if `json` has not the members that ``json`` writes; others are passed over.
    package init?(json: JSON) {
        guard let kind = json["kind"]?.string else { return nil }
        let before = json["before"].flatMap { Resource(kind: kind, json: $0) }
        let after = json["after"].flatMap { Resource(kind: kind, json: $0) }
        guard before != nil || after != nil, (before == nil) == (json["before"] == nil),
            (after == nil) == (json["after"] == nil)
        else { return nil }
        self.init(
            in: json["netns"]?.string.map(Netns.named) ?? .own, from: before, to: after,
            reason: json["reason"]?.string, source: json["source"]?.string)
    }
}
