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
                    guard let link = element.link, let known = links[element.node], !known.contains(link) else {
                        continue
                    }
                    let place = expectation.pointer.appending(key).appending(index)
                    diagnostics.report(.unknownLink(link, of: element.node, at: place, known: known))
                }
            }
        }
    }
}

extension ValidTopology.Expectation {
    fileprivate var namesLinks: Bool { ((path ?? []) + (returnPath ?? [])).contains { $0.link != nil } }
}
