package import NetworkState

/// One namespace of a lab.
package struct LabNode: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case host
        case container(of: String)
        case router
        case server
        case segment

        package var text: String {
            switch self {
            case .host: "host"
            case .container(let host): "container on \(host)"
            case .router: "router"
            case .server: "server"
            case .segment: "switch"
            }
        }
    }

    package let name: String
    package let kind: Kind
    package let addresses: [IPAddress]

    package var json: JSON {
        var members: [String: JSON] = [
            "name": .string(name),
            "addresses": .array(addresses.map { .string($0.description) }),
        ]
        if case .container(let host) = kind {
            members["kind"] = "container"
            members["host"] = .string(host)
        } else {
            members["kind"] = .string(kind.text)
        }
        return .object(members)
    }
}
