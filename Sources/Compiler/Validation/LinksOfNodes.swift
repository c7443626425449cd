import NetworkState

extension ValidTopology {
    /// Wires, and what containers hang on: by node, the names of its ends of them.
    var linksOfNodes: [String: [LinkName]] {
        var links: [String: [LinkName]] = [:]
        for machine in routers + servers { links[machine.name] = machine.uplinks.map(\.name) }
        for host in hosts {
            links[host.name] = host.uplinks.map(\.name) + host.containers.map(\.link)
            for container in host.containers { links[container.name] = [Calico.containerLink] }
        }
        return links
    }
}

// Ways that name links.
extension ValidTopology {
    /// Reports each link of a way's that its node has not.
    func checkLinksOfWays(_ diagnostics: inout Diagnostics) {
        let said = expectations + events.flatMap { ($0.expectations ?? []) + $0.lossless }
        guard said.contains(where: \.namesLinks) else { return }
        let links = linksOfNodes
        for expectation in said {
            for (key, way) in [("path", expectation.path), ("return", expectation.returnPath)] {
                for (index, element) in (way ?? []).enumerated() {
                    guard let link = element.link, let wires = links[element.node], !wires.contains(link) else {
                        continue
                    }
                    let known = Set(wires + declaredLinks(of: element.node)).sorted()
                    guard !known.contains(link) else { continue }
                    let place = expectation.pointer.appending(key).appending(index)
                    diagnostics.report(.unknownLink(link, of: element.node, at: place, known: known))
                }
            }
        }
    }
}

extension ValidTopology {
    /// Those that weft makes on a host, tunnels and bridges among them: packets are seen there too.
    private func declaredLinks(of node: String) -> [LinkName] {
        guard let host = hosts.firstIndex(where: { $0.name == node }) else { return [] }
        return declaration(forHost: host).state.namespaces[.own]?.links.unordered.map(\.name) ?? []
    }
}

extension ValidTopology.Expectation {
    fileprivate var namesLinks: Bool { ((path ?? []) + (returnPath ?? [])).contains { $0.link != nil } }
}
