import NetworkState

/// What has happened before each event, as far as a topology tells: what happens must be able to, and must matter.
struct EventCourse {
    private struct End: Hashable, CustomStringConvertible {
        let node: String
        let link: LinkName
        var description: String { "\(node):\(link.text)" }
    }

    private var absent: Set<String> = []
    private var down: Set<End> = []
    private var impaired: Set<End> = []
    private var kept: Set<String> = []
    /// Whether a program has run, which may have done anything.
    private var isOpen = false

    mutating func follow(
        _ action: ValidTopology.Event.Action, at place: JSONPointer, in topology: ValidTopology,
        _ diagnostics: inout Diagnostics
    ) {
        if let host = absentee(of: action, in: topology) {
            return diagnostics.report(.presence(host, isThere: false, at: place))
        }
        if case .leave(let host) = action { forgetLinks(of: host, in: topology) }
        guard let state = change(by: action) else { return }
        if case .join(let host) = action { return diagnostics.report(.presence(host, isThere: true, at: place)) }
        if !isOpen { diagnostics.report(.uselessEvent(state, at: place)) }
    }

    /// Who comes back has new links, which are up.
    private mutating func forgetLinks(of host: String, in topology: ValidTopology) {
        let containers = topology.hosts.first { $0.name == host }?.containers.map(\.name) ?? []
        let nodes = Set(containers + [host])
        down = down.filter { !nodes.contains($0.node) }
        impaired = impaired.filter { !nodes.contains($0.node) }
    }

    /// What is the case already, where the event changes nothing.
    private mutating func change(by action: ValidTopology.Event.Action) -> String? {
        switch action {
        case .down(let node, let link):
            let end = End(node: node, link: link)
            return down.insert(end).inserted ? nil : "\(end) is down"
        case .up(let node, let link):
            let end = End(node: node, link: link)
            return down.remove(end) != nil ? nil : "\(end) is up"
        case .impair(let node, let link, _): impaired.insert(End(node: node, link: link))
        case .clear(let node, let link):
            let end = End(node: node, link: link)
            return impaired.remove(end) != nil ? nil : "\(end) is not impaired"
        case .leave(let host): absent.insert(host)
        case .join(let host): return absent.remove(host) != nil ? nil : "\(host) is there"
        case .agents(let hosts):
            let isNew = !kept.isSuperset(of: hosts)
            kept.formUnion(hosts)
            return isNew ? nil : "\(listed(hosts, "and")) \(hosts.count == 1 ? "has its agent" : "have their agents")"
        case .run: isOpen = true
        }
        return nil
    }

    /// A host that has left, with its containers, and to which this would have to happen.
    private func absentee(of action: ValidTopology.Event.Action, in topology: ValidTopology) -> String? {
        guard !absent.isEmpty else { return nil }
        switch action {
        case .down(let node, _), .up(let node, _), .impair(let node, _, _), .clear(let node, _), .run(_, let node),
            .leave(let node):
            return topology.hosts.first { host in
                absent.contains(host.name) && (host.name == node || host.containers.contains { $0.name == node })
            }?.name
        case .agents(let hosts): return hosts.first(where: absent.contains)
        case .join: return nil
        }
    }
}
