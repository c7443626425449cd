package import NetworkState

extension PacketStory {
    /// As `schema/trace.schema.json` says.
    package var json: JSON {
        .members([
            "topology": .string(topology),
            "question": question.json,
            "steps": .array(steps.map(\.json)),
            "way": way?.json,
            "outcome": outcome.json,
        ])
    }
}

extension PacketStory.Question {
    fileprivate var json: JSON {
        .object([
            "from": .string(from),
            "to": .string(to),
            "source": .string(source.description),
            "destination": .string(destination.description),
            "protocol": .string(`protocol`.rawValue),
        ])
    }
}

extension PacketStory.Step {
    fileprivate var json: JSON {
        var members = event.members
        members["leg"] = .string(leg.rawValue)
        members["node"] = .string(node)
        members["event"] = .string(event.name)
        if let microseconds { members["microseconds"] = .integer(Int64(microseconds)) }
        if !isPlanned { members["planned"] = false }
        return .object(members)
    }
}

extension PacketStory.Event {
    fileprivate var members: [String: JSON] {
        switch self {
        case .routes(let destination, let route):
            ["destination": .string(destination.description), "route": .string(route)]
        case .refuses(let destination, let reason):
            ["destination": .string(destination.description), "reason": .string(reason)]
        case .resolves(let resolution): resolution.members
        case .finds(let table, let entry): ["table": .string(table.rawValue), "entry": .string(entry)]
        case .translates(let translation):
            [
                "side": .string(translation.side.rawValue),
                "before": .string(translation.before.description),
                "after": .string(translation.after.description),
            ]
        case .receives(let passing), .sends(let passing): passing.members
        case .enters(let envelope), .leaves(let envelope):
            [
                "tunnel": .string(envelope.tunnel),
                "source": .string(envelope.source.description),
                "destination": .string(envelope.destination.description),
            ]
        case .switches, .staysPlain, .arrives: [:]
        }
    }
}

extension PacketStory.Passing {
    fileprivate var members: [String: JSON] {
        var members: [String: JSON] = [
            "link": .string(link),
            "source": .string(source.description),
            "destination": .string(destination.description),
            "ttl": .integer(Int64(timeToLive)),
        ]
        if let linkLayer {
            members["linkLayerSource"] = .string(linkLayer.source.description)
            members["linkLayerDestination"] = .string(linkLayer.destination.description)
        }
        return members
    }
}

extension PacketStory.Resolution {
    fileprivate var members: [String: JSON] {
        var members: [String: JSON] = ["link": .string(link), "address": .string(address.description)]
        if let answer {
            members["answer"] = .object([
                "node": .string(answer.node),
                "link": .string(answer.link),
                "linkLayer": .string(answer.linkLayer.description),
                "proxy": .bool(!answer.isOwner),
            ])
        }
        return members
    }
}

extension PacketStory.Outcome {
    fileprivate var json: JSON {
        switch self {
        case .answered(let microseconds):
            .members(["answered": true, "roundTripMicroseconds": microseconds.map { .integer(Int64($0)) }])
        case .lost(let lastSeen, let cause, let reasons):
            .members([
                "answered": false,
                "lastSeen": lastSeen.map(JSON.string),
                "cause": cause.map(JSON.string),
                "reasons": .array(reasons.map(\.json)),
            ])
        }
    }
}

extension PacketStory.Reason {
    var json: JSON {
        .members(["node": .string(node), "text": .string(text), "remedy": remedy.map(JSON.string)])
    }
}
