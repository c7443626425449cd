/// A network namespace as a host knows it.
package enum Netns: Hashable, Sendable {
    /// The host's own, in which its agent runs.
    case own
    /// One with a name under `/run/netns`, as `ip netns` keeps it: a container's. A name that begins with a slash is the
    /// whole path of a file that stands for one which somebody else has made.
    case named(String)

    /// That of a process, which is there for as long as the process is.
    package init(ofProcess id: Int32) {
        self = .named("/proc/\(id)/ns/net")
    }

    /// The name, or nil for the host's own.
    package var name: String? {
        if case .named(let name) = self { name } else { nil }
    }

    /// Whether it is known by a file of its own, and nothing that weft makes or deletes.
    package var isFile: Bool { name.map { $0.hasPrefix("/") } ?? false }
}

extension Netns: Comparable {
    /// The host's own first, then by name.
    package static func < (left: Netns, right: Netns) -> Bool {
        (left.name ?? "") < (right.name ?? "")
    }
}
