import NetworkState

/// The written routes of one node, each with the link that its next hop is on.
struct RouteResolution {
    private let node: Node
    private let links: UplinkAssignment.Links
    /// Who else is reached at a destination, because the model routes there.
    private let blocks: [IPPrefix: SubnetClaim]

    init(of node: Node, over links: UplinkAssignment.Links, besides blocks: [IPPrefix: SubnetClaim] = [:]) {
        self.node = node
        self.links = links
        self.blocks = blocks
    }

    func resolve(_ routes: [Topology.Route], _ diagnostics: inout Diagnostics) -> [ValidTopology.UnderlayRoute] {
        var places: [IPPrefix: JSONPointer] = [:]
        return routes.compactMap { route in
            if case .written(let destination, let place) = route.destination {
                let other = places.updateValue(place, forKey: destination)
                check(destination, at: place, other, &diagnostics)
            }
            let device = device(of: route.gateway, &diagnostics)
            guard let destination = route.destination.value, let gateway = route.gateway.value, let device
            else { return nil }
            if destination.family != gateway.family {
                diagnostics.report(
                    .otherFamily(gateway, for: destination, at: route.gateway.pointer ?? route.pointer))
            }
            return ValidTopology.UnderlayRoute(
                destination: destination, gateway: gateway, device: device, pointer: route.pointer)
        }
    }

    /// Two routes to one destination, both of metric 0, are one to the kernel (`fib_find_alias`).
    private func check(
        _ destination: IPPrefix, at place: JSONPointer, _ other: JSONPointer?, _ diagnostics: inout Diagnostics
    ) {
        let note: Diagnostic.Note? =
            if let other {
                Diagnostic.Note("the first is this", at: other)
            } else if let link = links.uplinks.first(where: { $0.addresses.contains { $0.network == destination } }) {
                Diagnostic.Note("link '\(link.name)' leads there by itself", at: link.pointer)
            } else if let claim = blocks[destination] {
                Diagnostic.Note("weft makes one, for the containers of \(claim.owner)", at: claim.pointer)
            } else {
                nil
            }
        guard let note else { return }
        diagnostics.report(.duplicateRoute(destination, of: node, at: place, other: note))
    }

    private func device(of gateway: Member<IPAddress>, _ diagnostics: inout Diagnostics) -> LinkName? {
        guard case .written(let address, let place) = gateway else { return nil }
        if links.uplinks.contains(where: { $0.addresses.contains { $0.address == address } }) {
            diagnostics.report(.ownGateway(address, of: node, at: place))
            return nil
        }
        if let link = links.uplinks.first(where: { $0.addresses.contains { $0.contains(address) } }) {
            return link.name
        }
        if links.areSettled {
            let subnets = links.uplinks.flatMap(\.addresses).map(\.network)
            diagnostics.report(.gatewayOffLink(address, of: node, subnets: subnets, at: place))
        }
        return nil
    }
}
