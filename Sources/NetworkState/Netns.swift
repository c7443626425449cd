/// A network namespace as a host knows it.
package enum Netns: Hashable, Sendable {
    /// The host's own, in which its agent runs.
    case own
    /// One with a name under `/run/netns`, as `ip netns` keeps it: a container's.
    case named(String)

    /// The name, or nil for the host's own.
    package var name: String? {
        if case .named(let name) = self { name } else { nil }
    }
}

extension Netns: Comparable {
    /// The host's own first, then by name.
    package static func < (left: Netns, right: Netns) -> Bool {
        (left.name ?? "") < (right.name ?? "")
    }
}
