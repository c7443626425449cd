import NetworkState

extension Reading<Topology.Event> {
    /// What can happen, by the key that says it.
    private static var actions: [String] { ["down", "up", "leave", "join", "impair", "clear", "agents", "run"] }

    /// What only some actions have a use for.
    private static var companions: [(key: String, action: String)] {
        [("loss", "impair"), ("rate", "impair"), ("delay", "impair"), ("in", "run")]
    }

    private static var keys: [String] {
        actions + companions.map(\.key) + ["name", "within", "expect", "lossless", "description"]
    }

    static var event: Reading {
        Reading { json, pointer, diagnostics in
            guard let members = Members(json, "an event", at: pointer, keys: keys, &diagnostics) else { return nil }
            let present = actions.filter { json[$0] != nil }
            if present.count != 1 { diagnostics.report(.notOneAction(present, of: actions, at: pointer)) }
            for (key, action) in companions where json[key] != nil && !present.isEmpty && !present.contains(action) {
                diagnostics.report(.uselessKey(key, without: action, at: pointer.appending(key)))
            }
            return Topology.Event(
                name: members.read("name", .string, &diagnostics),
                within: members.read("within", .duration, &diagnostics),
                expectations: members.read("expect", .list(of: .expectation), &diagnostics),
                lossless: members.read("lossless", .list(of: .pairs), &diagnostics).listing(),
                actions: present.map { action($0, members, &diagnostics) },
                pointer: pointer
            )
        }
    }

    private static func action(
        _ key: String, _ members: Members, _ diagnostics: inout Diagnostics
    ) -> Topology.Action {
        switch key {
        case "down": .down(members.read(key, .pathElement, &diagnostics))
        case "up": .up(members.read(key, .pathElement, &diagnostics))
        case "leave": .leave(members.read(key, .string, &diagnostics))
        case "join": .join(members.read(key, .string, &diagnostics))
        case "clear": .clear(members.read(key, .pathElement, &diagnostics))
        case "agents":
            .agents(
                members.read(key, .oneOrMany(of: .string, wayOut: "name the hosts that get an agent"), &diagnostics))
        case "run":
            .run(
                members.read(
                    key, .oneOrMany(of: .string, wayOut: "write a program and its arguments: [\"ip\", \"link\"]"),
                    &diagnostics),
                members.require("in", .string, &diagnostics))
        default:
            .impair(
                members.read(key, .pathElement, &diagnostics), members.read("loss", .share, &diagnostics),
                members.read("rate", .rate, &diagnostics), members.read("delay", .duration, &diagnostics))
        }
    }
}
