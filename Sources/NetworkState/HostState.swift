/// What one host's namespaces hold, or should hold: its own and its containers'.
package struct HostState: Hashable, Sendable {
    package var namespaces: [Netns: NamespaceState]

    package init(_ namespaces: [Netns: NamespaceState] = [:]) {
        self.namespaces = namespaces
    }

    package subscript(netns: Netns, identity: Resource.Identity) -> Resource? {
        namespaces[netns]?[identity]
    }

    package mutating func insert(_ resource: Resource, in netns: Netns) {
        namespaces[netns, default: NamespaceState()].insert(resource)
    }

    /// Removing a namespace removes what is in it.
    package mutating func remove(_ identity: Resource.Identity, in netns: Netns) {
        if identity == .netns { namespaces[netns] = nil } else { namespaces[netns]?.remove(identity) }
    }

    package var sortedNamespaces: [(netns: Netns, state: NamespaceState)] {
        // Keys alone are sorted: states are large, and dear to move about.
        namespaces.keys.sorted().map { ($0, namespaces[$0] ?? NamespaceState()) }
    }
}

extension HostState {
    package var json: JSON {
        .array(
            sortedNamespaces.map { netns, state in
                .members([
                    "netns": netns.name.map(JSON.string),
                    "resources": .array(
                        state.resources.map { .object(["kind": .string($0.identity.kind), "is": $0.json]) }
                    ),
                ])
            }
        )
    }

    /// Nil if `json` is not what ``json`` writes.
    package init?(json: JSON) {
        guard let elements = json.array else { return nil }
        self.init()
        for element in elements {
            let netns = element["netns"]?.string.map(Netns.named) ?? .own
            guard let resources = element["resources"]?.array else { return nil }
            namespaces[netns] = NamespaceState()
            for member in resources {
                guard let kind = member["kind"]?.string, let value = member["is"],
                    let resource = Resource(kind: kind, json: value)
                else { return nil }
                insert(resource, in: netns)
            }
        }
    }
}
