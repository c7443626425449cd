import Compiler
import NetworkState

extension ValidTopology {
    /// Whom the containers of `host`, an index, have to ask for on the wire before anything of theirs gets out, by their own
    /// default routes, and what the answer is: the host's end of their link, or the bridge that it is a port of.
    func gateways(ofHost host: Int, source: SourceText) -> [CheckList.Gateway] {
        let namespaces = CompiledHost(self, host: host, source: source).declaration.state.namespaces
        let links = namespaces[.own]?.links.sorted ?? []
        let addresses = Dictionary(uniqueKeysWithValues: links.map { ($0.name, $0.address) })
        return hosts[host].containers.flatMap { container in
            let link = links.first { $0.name == container.link }
            let routes = namespaces[.named(container.name)]?.routes.sorted ?? []
            return routes.compactMap { route in
                GatewayAsker.Inquiry(container, along: route).map {
                    CheckList.Gateway(
                        inquiry: $0, expected: (link?.bridge ?? link?.name).flatMap { addresses[$0] ?? nil },
                        origin: nil)
                }
            }
        }
    }
}

extension Link {
    /// That it is a port of.
    fileprivate var bridge: LinkName? {
        if case .port(let bridge) = membership { bridge } else { nil }
    }
}

extension GatewayAsker.Inquiry {
    fileprivate init?(_ container: ValidTopology.Container, along route: Route) {
        guard route.destination.length == 0, let gateway = route.nextHop.gateway, let link = route.nextHop.device,
            let own = container.addresses.first(where: { $0.family == gateway.family })
        else { return nil }
        self.init(node: container.name, link: link, sender: own, gateway: gateway)
    }
}
