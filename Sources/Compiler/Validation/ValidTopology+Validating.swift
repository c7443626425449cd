import NetworkState

extension ValidTopology {
    /// Checks everything that can be checked, mistakes or not; nil if there is one.
    init?(validating topology: Topology, defaultName: String, _ diagnostics: inout Diagnostics) {
        guard let roster = Roster(expanding: topology, &diagnostics) else { return nil }
        let names = NameTable(topology, roster, &diagnostics)
        let choice = ModelChoice(topology.network, &diagnostics)

        let segments = Segment.all(of: topology)
        let uplinks = UplinkAssignment(topology, roster, segments, names, &diagnostics)
        let blocks = BlockAssignment(topology.network, roster, segments, &diagnostics)
        if choice.isReadable { checkPublishedPorts(roster, choice.model, &diagnostics) }
        checkWorkloads(roster, &diagnostics)
        checkOverlaps(topology, roster, blocks, choice.model, &diagnostics)
        let written = WrittenAddresses(roster, blocks.hosts, choice.model, &diagnostics)
        if choice.isCompilable, choice.model.encapsulation == .none {
            checkNextHops(roster, uplinks.hosts, blocks.hosts, written, &diagnostics)
        }

        checkBridges(blocks.hosts, choice.model, &diagnostics)

        IPv6MTUCheck(topology).checkUnderlay(segments, &diagnostics)
        let mtu = containerMTU(
            topology.network, choice.model, segments, uplinks.hosts, hasIPv6: blocks.hasIPv6, &diagnostics)
        let containers = ContainerAssignment(roster, uplinks.hosts, blocks.hosts, written, mtu: mtu, &diagnostics)
        let routers = Self.machines(.router, topology.routers, uplinks.routers, &diagnostics)
        let servers = Self.machines(.server, topology.servers, uplinks.servers, &diagnostics)
        let hosts = Self.hosts(roster, uplinks, blocks, containers, written, &diagnostics)
        let resolution = ExpectationResolution(topology, roster, names)
        let expectations = resolution.resolve(topology.expectations.elements, &diagnostics)
        guard !diagnostics.hasErrors else { return nil }
        Segment.checkUse(of: topology, &diagnostics)

        self.init(
            name: topology.name.value ?? defaultName,
            model: choice.model,
            peerRouteProtocol: choice.peerRouteProtocol,
            egress: choice.egress,
            nextHops: choice.nextHops,
            pools: blocks.pools.map(\.value.subnet),
            mtu: mtu,
            segments: segments,
            routers: routers,
            servers: servers,
            hosts: hosts,
            expectations: expectations,
            networkPointer: topology.network.pointer
        )
        if !topology.events.elements.isEmpty {
            var eventResolution = EventResolution(self, resolution)
            events = eventResolution.resolve(topology.events.elements, &diagnostics)
        }
        checkLinksOfWays(&diagnostics)
        if diagnostics.hasErrors { return nil }
        checkPorts(&diagnostics)
        checkTunnels(&diagnostics)
    }

    private static func machines(
        _ kind: Node.Kind, _ written: Listing<Topology.Machine>, _ links: [UplinkAssignment.Links],
        _ diagnostics: inout Diagnostics
    ) -> [Machine] {
        zip(written.elements, links).map { machine, links in
            let resolution = RouteResolution(of: Node(kind: kind, name: machine.label), over: links)
            return Machine(
                name: machine.label,
                uplinks: links.uplinks,
                routes: resolution.resolve(machine.routes.elements, &diagnostics),
                pointer: machine.pointer
            )
        }
    }

    private static func hosts(
        _ roster: Roster, _ uplinks: UplinkAssignment, _ blocks: BlockAssignment, _ containers: ContainerAssignment,
        _ written: WrittenAddresses, _ diagnostics: inout Diagnostics
    ) -> [Host] {
        let haveRoutes = roster.hosts.contains { !$0.written.routes.elements.isEmpty }
        let claims = haveRoutes ? blockClaims(roster, blocks) : [:]
        return roster.hosts.enumerated().map { index, host in
            let (links, own) = (uplinks.hosts[index], blocks.hosts[index])
            let resolution = RouteResolution(of: host.node, over: links, besides: claims)
            return Host(
                name: host.name,
                uplinks: links.uplinks,
                routes: resolution.resolve(host.written.routes.elements, &diagnostics),
                blocks: own.subnets.map(\.value),
                containers: containers.hosts[index],
                pointer: host.written.pointer,
                blocksPointer: own.pointer,
                borrowed: written.borrowed[index]
            )
        }
    }

    /// Whose containers are at a destination: every host has a route to each block, its own included.
    private static func blockClaims(_ roster: Roster, _ blocks: BlockAssignment) -> [IPPrefix: SubnetClaim] {
        let claims = roster.hosts.enumerated().flatMap { index, host in
            blocks.hosts[index].subnets.map { block in
                SubnetClaim(
                    subnet: block.value, owner: Node(kind: .host, name: host.name), pointer: block.pointer)
            }
        }
        return Dictionary(claims.map { ($0.subnet, $0) }) { first, _ in first }
    }
}
