import NetworkState

/// Reports ports of a host that would lead to two containers, and published ports in a model that has no use for them.
func checkPublishedPorts(_ roster: Roster, _ model: NetworkModel, _ diagnostics: inout Diagnostics) {
    var told: Set<JSONPointer> = []
    for host in roster.hosts {
        var owners: [String: (container: Node, pointer: JSONPointer)] = [:]
        for container in host.containers.written {
            guard case .written(let ports, let place) = host.written(container)?.published else { continue }
            let node = Node(kind: .container, name: container.name)
            guard model.encapsulation == .isolated else {
                // A range of containers has one place, and says it once.
                if told.insert(place).inserted { diagnostics.report(.uselessPublish(by: node, model, at: place)) }
                continue
            }
            for port in ports {
                guard let other = owners[port.value.hostSide] else {
                    owners[port.value.hostSide] = (node, port.pointer)
                    continue
                }
                guard told.insert(port.pointer).inserted else { continue }
                diagnostics.report(
                    .portConflict(
                        port.value, of: other.container, with: node, on: host.node, at: port.pointer, other.pointer))
            }
        }
    }
}
