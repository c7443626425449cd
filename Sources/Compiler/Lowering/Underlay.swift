package import NetworkState

extension ValidTopology {
    /// The machines and switches of a lab, as an administrator would have left them before weft came: each node and
    /// segment a namespace, each link a veth pair to its segment's bridge, with addresses and routes.
    ///
    /// Container namespaces are not among them; a host makes those itself.
    ///
    /// - `shared`: the one namespace that all switches are in, as in a lab; by default each has one called as its segment, which is
    ///   how they are spoken of.
    package func underlayDeclaration(switchesIn shared: Netns? = nil) -> Declaration {
        var declaration = Declaration()
        var switches = Switches(
            places: segments.map { shared ?? .named($0.name) }, ports: Array(repeating: 0, count: segments.count))
        for host in hosts {
            let families = host.containerFamilies + host.uplinks.flatMap(\.families)
            declareMachine(host.name, at: host.pointer, Set(families), forwards: false, in: &declaration)
            declare(uplinks: host.uplinks, routes: host.routes, of: host.name, joining: &switches, in: &declaration)
        }
        for (machine, forwards) in routers.map({ ($0, true) }) + servers.map({ ($0, false) }) {
            let families = Set(machine.uplinks.flatMap(\.families))
            declareMachine(machine.name, at: machine.pointer, families, forwards: forwards, in: &declaration)
            declare(
                uplinks: machine.uplinks, routes: machine.routes, of: machine.name, joining: &switches, in: &declaration
            )
        }
        for index in segments.indices { declareSwitch(index, of: switches, in: &declaration) }
        // Bridges of one namespace are apart as long as it forwards nothing from one to another.
        if let shared, let first = segments.first {
            declaration.declare(.sysctl(Sysctl(Sysctl.forwarding, "0")), in: shared, at: first.pointer)
        }
        return declaration
    }

    /// The segments' switches, in the order of ``segments``.
    private struct Switches {
        let places: [Netns]
        var ports: [Int]
    }

    /// States every setting that matters, because a new namespace may inherit the machine's.
    private func declareMachine(
        _ name: String, at pointer: JSONPointer, _ families: Set<IPAddress.Family>, forwards: Bool,
        in declaration: inout Declaration
    ) {
        let resources: [Resource] = [
            .netns,
            .link(Link(name: .loopback, kind: .loopback, isUp: true)),
            .sysctl(Sysctl(Sysctl.forwarding, forwards ? "1" : "0")),
            .sysctl(Sysctl("net/ipv4/conf/all/rp_filter", "0")),
            .sysctl(Sysctl("net/ipv4/conf/default/rp_filter", "0")),
            // A machine that gets another address of the same subnet has both for a moment, and must keep the new one.
            .sysctl(Sysctl("net/ipv4/conf/all/promote_secondaries", "1")),
        ]
        let ofIPv6 = [
            Sysctl(Sysctl.forwarding(.v6), forwards ? "1" : "0"),
            Sysctl("\(Sysctl.settings(of: "default", .v6))/disable_ipv6", "0"),
            Sysctl("\(Sysctl.settings(of: "lo", .v6))/disable_ipv6", "0"),
        ]
        for resource in resources + (families.contains(.v6) ? ofIPv6.map(Resource.sysctl) : []) {
            declaration.declare(resource, in: .named(name), at: pointer)
        }
    }

    private func declare(
        uplinks: [Uplink], routes: [UnderlayRoute], of node: String, joining switches: inout Switches,
        in declaration: inout Declaration
    ) {
        for uplink in uplinks {
            declareWire(uplink, of: node, to: switches, in: &declaration)
            switches.ports[uplink.segment] += 1
        }
        for route in routes {
            let resource = Route(route.destination, via: route.gateway, device: route.device, protocol: .boot)
            declaration.declare(.route(resource), in: .named(node), at: route.pointer)
        }
    }

    private func declareWire(
        _ uplink: Uplink, of node: String, to switches: Switches, in declaration: inout Declaration
    ) {
        let (segment, port) = (segments[uplink.segment], switches.ports[uplink.segment])
        let machineEnd = Link.Peer(netns: .named(node), name: uplink.name)
        let switchEnd = Link.Peer(netns: switches.places[uplink.segment], name: portName(of: uplink, on: node))
        let machineLink = Link(
            name: uplink.name, kind: .veth(peer: switchEnd), mtu: uplink.mtu,
            address: underlayAddress(of: uplink, on: node), addrGenMode: Link.AddrGenMode.none, isUp: true)
        let switchLink = Link(
            name: switchEnd.name, kind: .veth(peer: machineEnd), mtu: segment.mtu,
            membership: .port(of: bridgeName(port / Self.portsPerBridge, of: segment)), alias: "\(node)/\(uplink.name)",
            addrGenMode: Link.AddrGenMode.none, isUp: true)
        declaration.declare(.link(machineLink), in: machineEnd.netns, at: uplink.pointer)
        declaration.declare(.link(switchLink), in: switchEnd.netns, at: uplink.pointer)
        if uplink.families.contains(.v6) {
            declareIPv6(on: machineLink, in: machineEnd.netns, at: uplink.pointer, &declaration)
        }
        for address in uplink.addresses {
            let address = Address(address, device: uplink.name, isNoDAD: address.family == .v6)
            declaration.declare(.address(address), in: machineEnd.netns, at: uplink.pointer)
        }
    }

    /// The link-layer address of a machine's link, which follows from its names alone.
    func underlayAddress(of uplink: Uplink, on node: String) -> MACAddress {
        MACAddress(seed: "\(name)/\(node)/\(uplink.name)")
    }
}

extension ValidTopology {
    /// The kernel refuses a bridge's 1024th port (`BR_MAX_PORTS` in net/bridge/br_private.h); some are left for the
    /// wires between bridges.
    private static let portsPerBridge = 1000

    /// No machine is called as a segment, so none has a port of that name.
    private func bridgeName(_ index: Int, of segment: Segment) -> LinkName { switchLink("br\(index)", of: segment) }

    private func switchLink(_ kind: String, of segment: Segment) -> LinkName {
        Self.linkName("\(segment.name).\(kind)", orHashedAs: "b")
    }

    private static func linkName(_ name: String, orHashedAs prefix: String) -> LinkName {
        LinkName(name) ?? LinkName(known: "\(prefix).\(String(stableHash(name), radix: 36))")
    }

    /// A switch's end of a wire. It follows from the other end's names alone, so that a wire stays where it is when others
    /// come and go; a dot is in no other link's name of a switch but its own.
    func portName(of uplink: Uplink, on node: String) -> LinkName {
        Self.linkName("\(node).\(uplink.name)", orHashedAs: "p")
    }

    /// A bridge; for more members than one can have, several in a star around the first.
    private func declareSwitch(_ index: Int, of switches: Switches, in declaration: inout Declaration) {
        let (segment, netns) = (segments[index], switches.places[index])
        declaration.declare(.netns, in: netns, at: segment.pointer)
        for bridge in 0...max(switches.ports[index] - 1, 0) / Self.portsPerBridge {
            let link = Link(
                name: bridgeName(bridge, of: segment), kind: .bridge, mtu: segment.mtu,
                addrGenMode: Link.AddrGenMode.none, isUp: true)
            declaration.declare(.link(link), in: netns, at: segment.pointer)
            if bridge > 0 { declareTrunk(toBridge: bridge, of: segment, in: netns, &declaration) }
        }
    }

    private func declareTrunk(
        toBridge index: Int, of segment: Segment, in netns: Netns, _ declaration: inout Declaration
    ) {
        let inner = switchLink("t0-\(index)", of: segment)
        let outer = switchLink("t\(index)-0", of: segment)
        for (name, peer, bridge) in [(inner, outer, 0), (outer, inner, index)] {
            let link = Link(
                name: name, kind: .veth(peer: Link.Peer(netns: netns, name: peer)), mtu: segment.mtu,
                membership: .port(of: bridgeName(bridge, of: segment)), addrGenMode: Link.AddrGenMode.none, isUp: true)
            declaration.declare(.link(link), in: netns, at: segment.pointer)
        }
    }
}
