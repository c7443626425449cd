package import Compiler
package import NetworkState

/// One entry removed, altered or added in one node of a topology, and what becomes of packets then.
package struct Sabotage: Sendable, CustomStringConvertible {
    package enum Act: Sendable {
        case remove
        case alter(@Sendable (Resource) -> Resource)
        case add(Resource)
    }

    package let topology: String
    package let node: String
    /// `route 172.17.9.0/24`: a kind, and what the identity begins with.
    package let target: String
    package let act: Act
    package let from: String
    package let to: String
    /// Of the question if it does not get there, or else of its answer.
    package let disposition: Disposition
    /// Where the packet gets no further.
    package let place: String

    package init(
        _ topology: String, _ node: String, _ target: String, _ act: Act, _ disposition: Disposition, at place: String,
        from: String = "A1", to: String = "B1"
    ) {
        self.topology = topology
        self.node = node
        self.target = target
        self.act = act
        self.from = from
        self.to = to
        self.disposition = disposition
        self.place = place
    }

    package var description: String {
        let verb =
            switch act {
            case .remove: "without"
            case .alter: "with another"
            case .add: "with"
            }
        return "\(topology): \(node) \(verb) \(target)"
    }

    /// From what is there to what it is made; nil if there is no such thing.
    package func change(of namespaces: [String: NamespaceState]) -> Change? {
        guard let state = namespaces[node] else { return nil }
        if case .add(let resource) = act {
            return Change(in: .named(node), from: state[resource.identity], to: resource)
        }
        let found = state.resources.first { "\($0.identity.kind) \($0.identity)".hasPrefix(target) }
        guard let found else { return nil }
        if case .alter(let alter) = act { return Change(in: .named(node), from: found, to: alter(found)) }
        return Change(in: .named(node), from: found, to: nil)
    }
}

extension [String: NamespaceState] {
    /// With a change carried out, and with it what the kernel does of its own accord: the switch of a whole host sets those of
    /// its links, and an address takes the route that came with it.
    package mutating func carryOut(_ change: Change) {
        guard let node = change.netns.name else { return }
        if let after = change.after { self[node]?.insert(after) } else { self[node]?.remove(change.identity) }
        switch change.resource {
        case .sysctl(let sysctl):
            for other in self[node]?.sysctls.sorted ?? [] where other.sweeper == sysctl.key {
                self[node]?.sysctls.insert(Sysctl(other.key, sysctl.value))
            }
        case .address(let address) where change.after == nil:
            for route in self[node]?.routes.sorted ?? []
            where route.protocol == .kernel && route.destination == address.prefix.network {
                self[node]?.routes.remove(route.identity)
            }
        default: break
        }
    }
}

extension Sabotage.Act {
    static func link(_ alter: @escaping @Sendable (inout Link) -> Void) -> Self {
        .alter { resource in
            guard case .link(var link) = resource else { return resource }
            alter(&link)
            return .link(link)
        }
    }

    static let down = link { $0.isUp = false }

    static func route(_ alter: @escaping @Sendable (inout Route) -> Void) -> Self {
        .alter { resource in
            guard case .route(var route) = resource else { return resource }
            alter(&route)
            return .route(route)
        }
    }

    static func kind(_ kind: Route.Kind) -> Self {
        route { route in
            route.kind = kind
            route.nextHop = Route.NextHop()
            route.scope = .global
        }
    }

    static func gateway(_ text: String) -> Self {
        route { $0.nextHop.gateway = IPAddress(parsing: text) }
    }

    static func value(_ value: String) -> Self {
        .alter { resource in
            if case .sysctl(let sysctl) = resource { .sysctl(Sysctl(sysctl.key, value)) } else { resource }
        }
    }

    static func neighbour(_ address: MACAddress) -> Self {
        .alter { resource in
            guard case .neighbour(var neighbour) = resource else { return resource }
            neighbour.linkLayerAddress = address
            return .neighbour(neighbour)
        }
    }

    static func remote(_ text: String) -> Self {
        .alter { resource in
            guard case .fdb(var entry) = resource, let remote = IPAddress(parsing: text) else { return resource }
            entry.remote = remote
            return .fdb(entry)
        }
    }
}
