package import Netlink
package import NetworkState

/// One thing that an agent has to say, the same in every format.
package struct LogEntry: Hashable, Sendable {
    package enum Level: String, Sendable {
        case info, warning, error
    }

    package enum Event: String, Sendable {
        case started, stopping, status
        case loaded, invalidTopology = "invalid-topology", unreadableTopology = "unreadable-topology", kept
        case absent, applied, repaired, drift, resolved
        case failed, waiting, notice, contested, settled, overrun
    }

    package var level: Level
    package var event: Event
    /// What it is about: `route A/172.17.9.0/24`, a file, or a place in one.
    package var object: String?
    package var action: String?
    package var reason: String?
    package var duration: Duration?

    package init(
        _ event: Event, _ level: Level = .info, object: String? = nil, action: String? = nil, reason: String? = nil,
        duration: Duration? = nil
    ) {
        self.level = level
        self.event = event
        self.object = object
        self.action = action
        self.reason = reason
        self.duration = duration
    }

    /// `2026-01-31T12:00:00.000Z info host=A event=repaired object="route A/172.17.9.0/24" action=add`
    package func text(at time: WallClock, host: String) -> String {
        let fields = [
            ("host", host), ("event", event.rawValue), ("object", object), ("action", action), ("reason", reason),
            ("duration", duration.map { "\($0.seconds)s" }),
        ]
        let told = fields.compactMap { name, value in value.map { "\(name)=\(Self.quoted($0))" } }
        return (["\(time.text) \(level.rawValue)"] + told).joined(separator: " ")
    }

    package func json(at time: WallClock, host: String) -> JSON {
        .members([
            "time": .string(time.text), "level": .string(level.rawValue), "host": .string(host),
            "event": .string(event.rawValue), "object": object.map(JSON.string), "action": action.map(JSON.string),
            "reason": reason.map(JSON.string), "duration": duration.map { .real($0.seconds) },
        ])
    }

    /// A value with spaces is written as JSON would write it, so that a line is a line, and a word a word.
    private static func quoted(_ value: String) -> String {
        let isWord =
            !value.isEmpty && value.unicodeScalars.allSatisfy { $0.value > 32 && !"\"=\\".unicodeScalars.contains($0) }
        return isWord ? value : JSON.string(value).line
    }
}

extension Duration {
    /// To the microsecond.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds / 1_000_000_000_000) / 1_000_000
    }
}

extension Change {
    /// What an entry about it names: `route A/172.17.9.0/24`.
    func logged(on host: String) -> String { "\(identity.kind) \(name(on: host))" }

    /// How the kernel had it, as far as it is not the planner's own reason to touch it.
    var found: String {
        if let reason { return reason }
        guard let before else { return "deleted by someone" }
        let attributes = before.attributes.text
        return "changed by someone" + (attributes.isEmpty ? "" : ", found \(attributes)")
    }
}
