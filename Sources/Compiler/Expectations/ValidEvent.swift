package import NetworkState

extension ValidTopology {
    /// Something that happens to the network while it is tested, and what must hold then.
    package struct Event: Sendable {
        package enum Action: Sendable {
            case down(node: String, link: LinkName)
            case up(node: String, link: LinkName)
            /// A host goes, with its containers.
            case leave(String)
            case join(String)
            case impair(node: String, link: LinkName, Impairment)
            case clear(node: String, link: LinkName)
            /// Hosts that are kept as they should be from now on.
            case agents([String])
            /// A program and its arguments, in a node's network.
            case run([String], in: String)
        }

        /// What reports call it.
        package let name: String
        package let action: Action
        /// How long it may take until everything holds.
        package let within: Duration
        /// Nil for all that held before.
        package let expectations: [Expectation]?
        /// Pairs that lose nothing meanwhile; only ``Expectation/from`` and ``Expectation/to`` are meant.
        package let lossless: [Expectation]
        package let pointer: JSONPointer
    }
}

extension ValidTopology.Event.Action {
    /// What it is called where the author has no name for it: `down B:eth0`.
    var text: String {
        switch self {
        case .down(let node, let link): "down \(node):\(link.text)"
        case .up(let node, let link): "up \(node):\(link.text)"
        case .leave(let host): "leave \(host)"
        case .join(let host): "join \(host)"
        case .impair(let node, let link, _): "impair \(node):\(link.text)"
        case .clear(let node, let link): "clear \(node):\(link.text)"
        case .agents(let hosts): "agents \(hosts.joined(separator: " "))"
        case .run(let command, let node): "\(command.joined(separator: " ")) in \(node)"
        }
    }
}
