package import NetworkState

/// A link of one of a lab's nodes: where a wire ends.
package struct WireEnd: Hashable, Sendable, CustomStringConvertible {
    package let node: String
    package let link: LinkName
    /// As the lab knows the node's namespace; a container that runs already has a file of its own.
    package let netns: Netns

    init(_ node: String, _ link: LinkName, in netns: Netns? = nil) {
        (self.node, self.link) = (node, link)
        self.netns = netns ?? .named(node)
    }

    package var description: String { "\(node):\(link.text)" }
}

/// A wire of a lab: a machine's to a segment's switch, or a container's to its host.
package struct Wire: Hashable, Sendable {
    /// The switch's or the host's end comes last.
    package let ends: [WireEnd]

    package var nodes: Set<String> { Set(ends.map(\.node)) }
}

extension ValidTopology {
    /// Those that nodes hang on; the ones that join the bridges of a large switch are its own affair.
    package var wires: [Wire] {
        let machines = (routers + servers).map { ($0.name, $0.uplinks) } + hosts.map { ($0.name, $0.uplinks) }
        let toSwitches = machines.flatMap { name, uplinks in
            uplinks.map { uplink in
                let port = WireEnd(segments[uplink.segment].name, portName(of: uplink, on: name), in: .switches)
                return Wire(ends: [WireEnd(name, uplink.name), port])
            }
        }
        let toContainers = hosts.flatMap { host in
            host.containers.map { container in
                let inner = WireEnd(container.name, Calico.containerLink, in: container.netns)
                return Wire(ends: [inner, WireEnd(host.name, container.link)])
            }
        }
        return toSwitches + toContainers
    }

    /// The wire that ends at a node's link.
    package func wire(at node: String, _ link: LinkName) -> Wire? {
        wires.first { wire in wire.ends.contains { $0.node == node && $0.link == link } }
    }
}
