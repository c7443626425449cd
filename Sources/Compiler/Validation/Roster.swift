import NetworkState

/// Every host and container under its own name: ranges expanded, containers counted out.
///
/// What has no readable name goes by its place in the file, which no valid name can be.
struct Roster {
    struct Container {
        let name: String
        /// Its place in the host's list; nil where the host only says how many.
        let index: Int?
        let pointer: JSONPointer
    }

    /// A host's containers: those that are written, or so many, each of which is made when it is asked for.
    enum Containers: RandomAccessCollection {
        case written([Container])
        case numbered(NumberedNames, JSONPointer)

        var startIndex: Int { 0 }

        var endIndex: Int {
            switch self {
            case .written(let containers): containers.count
            case .numbered(let names, _): names.count
            }
        }

        subscript(position: Int) -> Container {
            switch self {
            case .written(let containers): containers[position]
            case .numbered(let names, let pointer): Container(name: names[position], index: nil, pointer: pointer)
            }
        }

        /// Those of which more is written than their number.
        var written: [Container] { if case .written(let containers) = self { containers } else { [] } }
    }

    /// A reference: of ten thousand hosts, each with many parts, copies take a fifth of what their validation takes.
    final class Host {
        let name: String
        let written: Topology.Host
        let containers: Containers

        init(name: String, written: Topology.Host, containers: Containers) {
            self.name = name
            self.written = written
            self.containers = containers
        }

        /// As messages about what is written call it: by its range, if it has one.
        var node: Node { Node(kind: .host, name: written.label) }
        var isOneOfMany: Bool { written.name.value?.range != nil }

        func written(_ container: Container) -> Topology.Container? {
            guard case .list(let listing) = written.containers.value, let index = container.index else { return nil }
            return listing.elements[index]
        }
    }

    private(set) var hosts: [Host] = []
    /// Whether every name is here: if not, nothing may be called unknown.
    private(set) var isComplete: Bool

    /// Nil if there would be too many.
    init?(expanding topology: Topology, _ diagnostics: inout Diagnostics) {
        isComplete = topology.hosts.isComplete
        guard Self.isWithinLimits(topology.hosts.elements, &diagnostics) else { return nil }
        for host in topology.hosts.elements {
            if host.isOneOfMany, case .written(.list, let pointer) = host.containers {
                diagnostics.report(.namedContainers(of: Node(kind: .host, name: host.label), at: pointer))
            }
            isComplete = isComplete && host.isFullyNamed
            for name in host.name.value?.names ?? [host.label] {
                hosts.append(Host(name: name, written: host, containers: host.containers(named: name, &diagnostics)))
            }
        }
    }

    private static func isWithinLimits(_ hosts: [Topology.Host], _ diagnostics: inout Diagnostics) -> Bool {
        let hostCount = hosts.reduce(0) { $0 + $1.count }
        let containerCount = hosts.reduce(0) { $0 + $1.count * $1.containersEach }
        let place = JSONPointer.root.appending("hosts")
        if hostCount > Limits.hosts {
            diagnostics.report(.tooMany("hosts", hostCount, limit: Limits.hosts, at: place))
        }
        if containerCount > Limits.containers {
            diagnostics.report(.tooMany("containers", containerCount, limit: Limits.containers, at: place))
        }
        return hostCount <= Limits.hosts && containerCount <= Limits.containers
    }
}

extension Topology.Host {
    var label: String { name.value?.text ?? "\(pointer)" }
    var isOneOfMany: Bool { name.value?.range != nil }
    fileprivate var count: Int { name.value?.count ?? 1 }

    fileprivate var containersEach: Int {
        switch containers.value {
        case .count(let count): count
        case .list(let listing): listing.elements.reduce(0) { $0 + ($1.name.value?.count ?? 1) }
        case nil: 0
        }
    }

    fileprivate var isFullyNamed: Bool {
        guard !name.isUnreadable, !containers.isUnreadable else { return false }
        guard case .list(let listing) = containers.value else { return true }
        return !isOneOfMany && listing.isComplete && listing.elements.allSatisfy { !$0.name.isUnreadable }
    }

    /// The containers of the host called `name`; those that have no name of their own get the host's with a number.
    fileprivate func containers(named name: String, _ diagnostics: inout Diagnostics) -> Roster.Containers {
        switch containers {
        // That they all should have the same containers has been reported.
        case .written(.list, _) where isOneOfMany: .written([])
        case .written(.list(let listing), _):
            .written(
                listing.elements.enumerated().flatMap { index, container in
                    (container.name.value?.names ?? ["\(container.pointer)"]).map {
                        Roster.Container(name: $0, index: index, pointer: container.pointer)
                    }
                })
        case .written(.count(let count), let pointer):
            numbered(name, count, at: pointer, &diagnostics)
        case .absent, .unreadable: .written([])
        }
    }

    private func numbered(
        _ name: String, _ count: Int, at pointer: JSONPointer, _ diagnostics: inout Diagnostics
    ) -> Roster.Containers {
        let names = NumberedNames(of: name, count: count)
        if name.utf8.count <= NodeName.maximumLength, names.last.utf8.count > NodeName.maximumLength {
            diagnostics.report(.badName(names.last, at: pointer))
        }
        return .numbered(names, pointer)
    }
}
