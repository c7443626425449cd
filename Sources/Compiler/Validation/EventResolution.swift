import NetworkState

/// Events with the nodes, links and hosts that they name.
struct EventResolution {
    private static let standardBudget = Duration.seconds(10)

    private let topology: ValidTopology
    private let resolution: ExpectationResolution
    private let links: [String: [LinkName]]
    private var course = EventCourse()

    init(_ topology: ValidTopology, _ resolution: ExpectationResolution) {
        self.topology = topology
        self.resolution = resolution
        links = topology.linksOfNodes
    }

    mutating func resolve(
        _ events: [Topology.Event], _ diagnostics: inout Diagnostics
    ) -> [ValidTopology.Event] {
        var resolved: [ValidTopology.Event] = []
        for event in events {
            checkSense(event, &diagnostics)
            guard let written = event.actions.first, let action = action(written, event, &diagnostics) else { continue }
            course.follow(action, at: event.pointer, in: topology, &diagnostics)
            resolved.append(
                ValidTopology.Event(
                    name: event.name.value ?? action.text,
                    action: action,
                    within: event.within.value ?? Self.standardBudget,
                    expectations: event.expectations.value.map { resolution.resolve($0.elements, &diagnostics) },
                    lossless: resolution.resolve(event.lossless.elements, &diagnostics),
                    pointer: event.pointer))
        }
        return resolved
    }

    /// Nil where it names what is not there.
    private func action(
        _ action: Topology.Action, _ event: Topology.Event, _ diagnostics: inout Diagnostics
    ) -> ValidTopology.Event.Action? {
        switch action {
        case .down(let place): link(place, &diagnostics).map { .down(node: $0, link: $1) }
        case .up(let place): link(place, &diagnostics).map { .up(node: $0, link: $1) }
        case .clear(let place): link(place, &diagnostics).map { .clear(node: $0, link: $1) }
        case .impair(let place, let loss, let rate, let delay):
            impairment(loss.value, rate.value, delay.value, event, &diagnostics).flatMap { impairment in
                link(place, &diagnostics).map { .impair(node: $0, link: $1, impairment) }
            }
        case .leave(let host): self.host(host, &diagnostics).map { .leave($0) }
        case .join(let host): self.host(host, &diagnostics).map { .join($0) }
        case .agents(let hosts): self.hosts(hosts, &diagnostics).map { .agents($0) }
        case .run(let command, let place):
            command.value.flatMap { words in node(place, &diagnostics).map { .run(words.map(\.value), in: $0) } }
        }
    }

    private func checkSense(_ event: Topology.Event, _ diagnostics: inout Diagnostics) {
        if case .written(.zero, let place) = event.within { diagnostics.report(.noTime(at: place)) }
    }

    private func impairment(
        _ loss: Double?, _ rate: UInt64?, _ delay: Duration?, _ event: Topology.Event, _ diagnostics: inout Diagnostics
    ) -> Impairment? {
        let impairment = Impairment(loss: loss ?? 0, rate: rate, delay: delay)
        if !impairment.isNone { return impairment }
        diagnostics.report(.uselessImpairment(at: event.pointer))
        return nil
    }

    private func host(_ member: Member<String>, _ diagnostics: inout Diagnostics) -> String? {
        guard case .written(let name, let place) = member else { return nil }
        return host(name, at: place, &diagnostics)
    }

    private func hosts(_ member: Member<[Located<String>]>, _ diagnostics: inout Diagnostics) -> [String]? {
        member.value.map { names in names.compactMap { host($0.value, at: $0.pointer, &diagnostics) } }
    }

    private func host(_ name: String, at place: JSONPointer, _ diagnostics: inout Diagnostics) -> String? {
        let known = topology.hosts.map(\.name)
        if known.contains(name) { return name }
        diagnostics.report(.unknownNode(name, "host", at: place, known: known))
        return nil
    }

    private func node(_ member: Member<String>, _ diagnostics: inout Diagnostics) -> String? {
        guard case .written(let name, let place) = member else { return nil }
        if links[name] != nil { return name }
        diagnostics.report(.unknownNode(name, "node", at: place, known: Array(links.keys)))
        return nil
    }

    private func link(
        _ member: Member<PathElement>, _ diagnostics: inout Diagnostics
    ) -> (node: String, link: LinkName)? {
        guard case .written(let element, let place) = member else { return nil }
        guard let known = links[element.node] else {
            diagnostics.report(.unknownNode(element.node, "node", at: place, known: Array(links.keys)))
            return nil
        }
        guard let link = element.link else {
            diagnostics.report(.missingLink(of: element.node, at: place))
            return nil
        }
        guard known.contains(link) else {
            diagnostics.report(.unknownLink(link, of: element.node, at: place, known: known))
            return nil
        }
        return (element.node, link)
    }
}
