package import Applier
package import Compiler
import Netlink
import NetworkState

/// How a lab is doing, as its kernel has it.
package struct LabStatus: Sendable {
    package enum HostState: Hashable, Sendable {
        /// What departs from the topology, in so many places.
        case applied(drift: Int)
        /// Left to its agent, or to whoever applies it.
        case bare

        package var text: String {
            switch self {
            case .applied(0): "as declared"
            case .applied(1): "1 change pending"
            case .applied(let drift): "\(drift) changes pending"
            case .bare: "not applied"
            }
        }
    }

    package struct Node: Sendable {
        package let node: LabNode
        package let links: [LinkState]
        /// Nil for what is no host.
        package let host: HostState?
    }

    package let nodes: [Node]

    package var isAsDeclared: Bool {
        nodes.allSatisfy { if case .applied(let drift) = $0.host { drift == 0 } else { true } }
    }
}

extension Lab {
    package func status(progress: (String) -> Void = { _ in }) throws(ApplyError) -> LabStatus {
        let ledgers = try ledgers()
        var applier = Applier(HostNamespaces(directory: directory.path))
        var drift = Drift(self)
        let switches = switchLinks
        let ports = Dictionary(grouping: try applier.linkStates(in: .switches)) { switches.segment(of: $0.name) }
        var found: [LabStatus.Node] = []
        for node in nodes {
            progress(node.name)
            var host: LabStatus.HostState?
            if node.kind == .host {
                host = ledgers[node.name] == nil ? .bare : .applied(drift: try drift.culprits(on: node.name).count)
            }
            let links =
                try node.kind == .segment ? ports[node.name] ?? [] : applier.linkStates(in: .named(node.name))
            found.append(LabStatus.Node(node: node, links: links, host: host))
        }
        return LabStatus(nodes: found)
    }

    /// Of a wire's links that are there, in the order of its ends.
    package func states(of wire: Wire) throws(ApplyError) -> [(end: WireEnd, state: LinkState)] {
        var applier = Applier(HostNamespaces(directory: directory.path))
        var states: [(end: WireEnd, state: LinkState)] = []
        for end in wire.ends {
            let link = try applier.linkStates(in: .named(end.node)).first { $0.name == end.link }
            if let link { states.append((end, link)) }
        }
        return states
    }
}
