import Applier
package import Compiler
import Glibc
package import Netlink
import NetworkState

/// The namespaces of containers that somebody else has made, held open: where their files are, a lab does not see.
package final class Workloads: Sendable {
    private enum Finding: Sendable {
        case found(Held)
        case absent
    }

    /// A namespace in a place that can be copied.
    private final class Held: Sendable {
        let namespace: NetworkNamespace

        init(_ namespace: consuming NetworkNamespace) { self.namespace = namespace }
    }

    private let findings: [Netns: Finding]

    /// Looks for those of `topology`. Call it before this process moves into a lab.
    package init(of topology: ValidTopology) throws(SystemError) {
        var findings: [Netns: Finding] = [:]
        for container in topology.hosts.flatMap(\.containers) {
            guard let netns = container.workload, let path = netns.name else { continue }
            let directory = NetnsDirectory()
            findings[netns] = directory.exists(path) ? .found(Held(try directory.open(path))) : .absent
        }
        self.findings = findings
    }

    /// Gives them the names in `directory` by which the lab's nodes are found, and its hosts find their containers.
    func attach(_ topology: ValidTopology, in directory: NetnsDirectory) throws(ApplyError) {
        guard !findings.isEmpty else { return }
        var absent: [ApplyError.AbsentWorkload] = []
        for container in topology.hosts.flatMap(\.containers) {
            guard let netns = container.workload, let path = netns.name else { continue }
            guard case .found(let held) = findings[netns] else {
                absent.append(ApplyError.AbsentWorkload(container: container.name, netns: netns))
                continue
            }
            if let obstacle = Self.obstacle(to: held.namespace) {
                absent.append(
                    ApplyError.AbsentWorkload(container: container.name, netns: netns, obstacle: obstacle))
                continue
            }
            for name in [container.name, HostNamespaces.labName(ofFile: path)] {
                try systems { () throws(SystemError) in try directory.attach(name, to: held.namespace) }
            }
        }
        if !absent.isEmpty { throw .absentWorkloads(absent) }
    }

    /// Waits until no other test has one of them, for as long as what comes back lives: two labs cannot both give a container its
    /// link.
    ///
    /// - `waiting`: is told that it takes a while.
    func takeTurn(waiting: () -> Void) throws(SystemError) -> NamespaceTurn {
        let turn = NamespaceTurn()
        var held: [NetworkNamespace.Identity: Held] = [:]
        for case .found(let found) in findings.values { held[try found.namespace.identity] = found }
        for (_, found) in held.sorted(by: { $0.key < $1.key }) { try turn.take(found.namespace, waiting: waiting) }
        return turn
    }

    /// Why this process may not work in a namespace that it can see.
    private static func obstacle(to namespace: borrowing NetworkNamespace) -> String? {
        do throws(SystemError) {
            try namespace.run { () throws(SystemError) in }
            return nil
        } catch {
            return error.isPermission
                ? "another user's namespace: run weft as root, or in the user namespace that the container was started in"
                : "\(error)"
        }
    }
}
