/// What weft has made on a host, and what stood there before: the record that ownership is decided from.
package struct Ledger: Hashable, Sendable {
    package static let version: Int64 = 1

    package var topology: String
    package var host: String
    /// The namespaces that we made, rather than found.
    package var namespaces: Set<String> = []
    /// The resources that are ours, as we left them.
    package var entries: HostState
    /// What those of them that we changed, rather than made, were before.
    package var former: HostState
    /// What else they may be while a run is about to make them what ``entries`` says, should it not come to that: one
    /// state for each such run since the last that came to its end.
    package var earlier: [HostState] = []

    package init(topology: String, host: String, entries: HostState = HostState(), former: HostState = HostState()) {
        self.topology = topology
        self.host = host
        self.entries = entries
        self.former = former
    }

    package var isEmpty: Bool {
        namespaces.isEmpty && entries.namespaces.values.allSatisfy(\.isEmpty)
            && former.namespaces.values.allSatisfy(\.isEmpty)
    }

    /// Everything that is this ledger's or `other`'s, for the time in which a plan is between the two: a process that
    /// dies there leaves nothing that the next one would not know for ours. What either knows to have been there
    /// before anything of ours is this ledger's word.
    package func union(_ other: Ledger) -> Ledger {
        var both = other
        both.earlier = earlier
        both.namespaces.formUnion(namespaces)
        var displaced = HostState()
        for (netns, state) in entries.namespaces {
            for resource in state.resourcesButRoutes {
                let later = other.entries[netns, resource.identity]
                both.entries.insert(resource.united(with: later), in: netns)
                if let later, later != resource { displaced.insert(resource, in: netns) }
            }
            let successors = other.entries.namespaces[netns]?.routes ?? Table()
            for route in state.routes.sorted {
                if let later = successors[route.identity] {
                    if later != route { displaced.insert(.route(route), in: netns) }
                } else {
                    both.entries.namespaces[netns, default: NamespaceState()].routes.insert(route)
                }
            }
        }
        if !displaced.namespaces.isEmpty && !earlier.contains(displaced) { both.earlier.append(displaced) }
        for (netns, state) in former.namespaces {
            for resource in state.resources { both.former.insert(resource, in: netns) }
        }
        return both
    }

    /// The mark on every link of ours, for when the ledger is lost: its alias.
    package static func mark(topology: String, host: String) -> String { "weft:\(topology)/\(host)" }

    package var json: JSON {
        .members([
            "version": .integer(Self.version),
            "topology": .string(topology),
            "host": .string(host),
            "namespaces": .array(namespaces.sorted().map(JSON.string)),
            "entries": entries.json,
            "former": former.json,
            "earlier": earlier.isEmpty ? nil : .array(earlier.map(\.json)),
        ])
    }

    /// Nil if `json` is not a ledger of this version.
    package init?(json: JSON) {
        guard json["version"]?.integer == Self.version, let topology = json["topology"]?.string,
            let host = json["host"]?.string, let entries = json["entries"].flatMap(HostState.init(json:)),
            let former = json["former"].flatMap(HostState.init(json:)), let namespaces = json["namespaces"]?.array
        else { return nil }
        self.init(topology: topology, host: host, entries: entries, former: former)
        self.namespaces = Set(namespaces.compactMap(\.string))
        for element in json["earlier"]?.array ?? [] {
            guard let state = HostState(json: element) else { return nil }
            earlier.append(state)
        }
    }
}

extension Resource {
    /// `later`, if there is one; of a link, with the attributes that only this one has: they may not have been given
    /// back yet.
    fileprivate func united(with later: Resource?) -> Resource {
        guard case .link(let link) = self, case .link(let successor) = later, successor.kind == link.kind else {
            return later ?? self
        }
        return .link(successor.completed(by: link))
    }
}
