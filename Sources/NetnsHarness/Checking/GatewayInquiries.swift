import Compiler
import NetworkState

extension ValidTopology {
    /// What the containers of `host`, an index, have to ask on the wire before anything of theirs gets out: by their own
    /// default routes.
    func gatewayInquiries(forHost host: Int, source: SourceText) -> [GatewayAsker.Inquiry] {
        let namespaces = CompiledHost(self, host: host, source: source).declaration.state.namespaces
        return hosts[host].containers.flatMap { container in
            (namespaces[.named(container.name)]?.routes.sorted ?? []).compactMap { route in
                GatewayAsker.Inquiry(container, along: route)
            }
        }
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
