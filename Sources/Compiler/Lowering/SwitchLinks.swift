package import NetworkState

extension Netns {
    /// Where all switches of a lab are, a bridge each: a namespace takes longer to make than all that a switch has in it. No node
    /// is called so.
    package static let switches = Netns.named("%switches")
}

/// Which segment each link of the namespace of all switches belongs to.
package struct SwitchLinks: Sendable {
    package let segments: Set<String>
    private let planned: [String: NamespaceState]
    private let owners: [LinkName: String]

    package init(_ topology: ValidTopology) {
        let names = topology.segments.map(\.name)
        let underlay = topology.underlayDeclaration().state.namespaces
        segments = Set(names)
        planned = Dictionary(uniqueKeysWithValues: names.map { ($0, underlay[.named($0)] ?? NamespaceState()) })
        owners = planned.reduce(into: [:]) { owners, entry in
            for link in entry.value.links.unordered { owners[link.name] = entry.key }
        }
    }

    /// All that are planned.
    package var links: [Link] { planned.values.flatMap(\.links.unordered) }

    /// Nil for a link that nobody has planned.
    package func segment(of link: LinkName) -> String? { owners[link] }

    /// The same of one that somebody may have plugged into a bridge.
    package func segment(of link: Link) -> String? {
        if let owner = owners[link.name] { return owner }
        if case .port(let bridge) = link.membership { return owners[bridge] }
        return nil
    }
}

extension SwitchLinks {
    /// What each segment has of the namespace of all switches, as if it had one of its own.
    package func parts(of whole: NamespaceState) -> [String: NamespaceState] {
        var parts = planned.mapValues { _ in NamespaceState() }
        var places: [LinkName: String] = [:]
        for link in whole.links.unordered { places[link.name] = segment(of: link) }
        for resource in whole.resources {
            if case .link(let link) = resource {
                guard let segment = places[link.name] else { continue }
                parts[segment]?.links.insert(naming(peerOf: link))
            } else if let segment = resource.devices.first.flatMap({ places[$0] }) {
                parts[segment]?.insert(resource)
            }
        }
        return parts
    }

    /// The same link, with its other end, if that is a switch's, where the segment is called by its name.
    package func naming(peerOf link: Link) -> Link {
        guard let peer = link.peer, peer.netns == .switches, let segment = owners[peer.name] else { return link }
        return link.naming(peersBy: [.switches: segment])
    }

    /// Where a plan for all switches together says what it says.
    package func naming(_ change: Change) -> Change {
        guard change.netns == .switches else { return change }
        guard let segment = segment(of: change.resource) ?? segments.min() else { return change }
        return Change(
            in: .named(segment), from: change.before, to: change.after, reason: change.reason, source: change.source)
    }

    private func segment(of resource: Resource) -> String? {
        if case .link(let link) = resource { return segment(of: link) }
        return resource.devices.first.flatMap(segment)
    }
}
