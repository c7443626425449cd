import NetworkState

/// What a topology is made of, for programs that lay it out themselves: as ``dot`` or as ``mermaid``.
package struct Diagram {
    enum Kind: String, CaseIterable {
        case segment, router, server, host, container, bridge, tunnel, overlay
    }

    struct Node {
        let id: String
        let kind: Kind
        /// On lines below each other, its name first.
        let label: [String]
        var mark: DrawnWalk.Mark?
    }

    struct Edge {
        let from: String
        let to: String
        var label: [String] = []
        var isTunnel = false
        var mark: DrawnWalk.Mark?
    }

    /// A host, with what is in it.
    struct Group {
        let id: String
        let name: String
        var nodes: [Node] = []
    }

    let title: String
    private(set) var nodes: [Node] = []
    private(set) var groups: [Group] = []
    private(set) var edges: [Edge] = []

    /// - `walk`: what to bring out.
    package init(_ topology: ValidTopology, walk: DrawnWalk? = nil) {
        title = "\(topology.name): \(topology.model.summary)"
        let (wiring, overlay) = (Wiring(topology), Overlay(topology))
        var segments: [String: String] = [:]
        for (index, segment) in wiring.segments.enumerated() {
            segments[segment.name] = "s\(index)"
            let label = [segment.name] + segment.subnets.map(\.description) + ["mtu \(segment.mtu)"]
            let mark = walk?.mark(segment: segment.name)
            nodes.append(Node(id: "s\(index)", kind: .segment, label: label, mark: mark))
        }
        for (index, machine) in wiring.machines.enumerated() {
            add(machine, "m\(index)", walk)
            for link in machine.links {
                guard let segment = segments[link.segment] else { continue }
                let label = [link.name.text] + link.addresses.map(\.description)
                let mark = walk?.mark(machine.name, to: link.segment)
                edges.append(Edge(from: segment, to: "m\(index)", label: label, mark: mark))
            }
            guard machine.tunnel != nil, overlay?.hosts.contains(machine.name) == true else { continue }
            let mark = walk?.mark(tunnelOf: machine.name)
            edges.append(Edge(from: "m\(index)t", to: "overlay", isTunnel: true, mark: mark))
        }
        if let overlay { nodes.append(Node(id: "overlay", kind: .overlay, label: [overlay.name])) }
    }

    private mutating func add(_ machine: Wiring.Machine, _ id: String, _ walk: DrawnWalk?) {
        let kind = Kind(rawValue: machine.kind.rawValue) ?? .host
        let label = [machine.name] + (machine.kind == .host ? [] : [machine.kind.rawValue])
        let own = Node(
            id: id, kind: kind, label: label + machine.blocks.map { "subnet \($0)" }, mark: walk?.mark(machine.name))
        guard machine.kind == .host else { return nodes.append(own) }
        var group = Group(id: "g\(id)", name: "host \(machine.name)", nodes: [own])
        if let bridge = machine.bridge {
            group.nodes.append(Node(id: "\(id)b", kind: .bridge, label: bridge.label))
            edges.append(Edge(from: id, to: "\(id)b"))
        }
        for (index, container) in machine.containers.enumerated() {
            let label = [container.name] + container.addresses.map(\.description)
            let mark = walk?.mark(container.name)
            group.nodes.append(Node(id: "\(id)c\(index)", kind: .container, label: label, mark: mark))
            let from = machine.bridge == nil ? id : "\(id)b"
            let wire = walk?.mark(wireOf: container.name, on: machine.name)
            edges.append(Edge(from: from, to: "\(id)c\(index)", label: [container.link.text], mark: wire))
        }
        if let tunnel = machine.tunnel {
            let mark = walk?.mark(tunnelOf: machine.name)
            group.nodes.append(Node(id: "\(id)t", kind: .tunnel, label: tunnel.label, mark: mark))
            edges.append(Edge(from: id, to: "\(id)t", isTunnel: true, mark: mark))
        }
        groups.append(group)
    }
}

extension Wiring.Device {
    fileprivate var label: [String] { [name.text] + addresses.map(\.description) }
}
