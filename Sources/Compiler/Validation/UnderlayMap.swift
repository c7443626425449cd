import NetworkState

/// Where packets between the machines of the underlay go, by their links' subnets and their written routes alone: what
/// the network is before weft comes.
struct UnderlayMap {
    /// A host, router or server.
    struct Machine {
        let node: Node
        let uplinks: [ValidTopology.Uplink]
        let routes: [ValidTopology.UnderlayRoute]
        let forwards: Bool
        let pointer: JSONPointer
    }

    /// How a packet's way ends; machines by index.
    enum Ending: Equatable {
        case delivered(to: Int)
        case noRoute(at: Int)
        /// Nobody on the link has the address that the packet is to be handed to.
        case unanswered(at: Int, IPAddress)
        /// It is handed to a machine that it is not for, and that is no router.
        case notForwarded(at: Int)
        case loop(at: Int)
    }

    private struct Place {
        let machine: Int
        let segment: Int
    }

    /// What a machine does with packets to a prefix.
    private struct Way {
        let prefix: IPPrefix
        /// By which of its links.
        let uplink: Int
        /// Nil where they are handed to their destination.
        let gateway: IPAddress?
    }

    let machines: [Machine]
    private var owners: [IPAddress: Place] = [:]
    /// Of each machine: the longest prefixes first, and of equals the links' own.
    private let ways: [[Way]]

    init(_ machines: [Machine]) {
        self.machines = machines
        ways = machines.map { machine in
            let own = machine.uplinks.enumerated().flatMap { place, uplink in
                uplink.addresses.map { Way(prefix: $0.network, uplink: place, gateway: nil) }
            }
            let written = machine.routes.compactMap { route in
                machine.uplinks.firstIndex { $0.name == route.device }.map {
                    Way(prefix: route.destination, uplink: $0, gateway: route.gateway)
                }
            }
            // Sorting leaves equals in their order (SE-0372).
            return (own + written).sorted { $0.prefix.length > $1.prefix.length }
        }
        for (index, machine) in machines.enumerated() {
            for uplink in machine.uplinks {
                for address in uplink.addresses {
                    owners[address.address] = Place(machine: index, segment: uplink.segment)
                }
            }
        }
    }

    /// Follows a packet from machine to machine, to one that has the address or is among `holders`: it has what the
    /// address is behind.
    func walk(from start: Int, to destination: IPAddress, heldBy holders: Set<Int> = []) -> Ending {
        trail(from: start, to: destination, heldBy: holders).ending
    }

    /// The same with every machine that the packet comes to, the first and the last among them.
    func trail(
        from start: Int, to destination: IPAddress, heldBy holders: Set<Int> = []
    ) -> (machines: [Int], ending: Ending) {
        var trail = [start]
        var current = start
        for _ in machines.indices {
            if holders.contains(current) || machines[current].has(destination) {
                return (trail, .delivered(to: current))
            }
            guard current == start || machines[current].forwards else { return (trail, .notForwarded(at: current)) }
            guard let (uplink, gateway) = next(from: current, to: destination) else {
                return (trail, .noRoute(at: current))
            }
            guard let place = owners[gateway], place.machine != current,
                place.segment == machines[current].uplinks[uplink].segment
            else {
                return (trail, .unanswered(at: current, gateway))
            }
            current = place.machine
            trail.append(current)
        }
        return (trail, .loop(at: current))
    }

    /// The addresses of the link by which `machine` sends to `destination`: the sources it may give a packet, the one it
    /// prefers first, which is of the next hop's subnet (`inet_select_addr` in net/ipv4/devinet.c).
    func sources(of machine: Int, to destination: IPAddress) -> [IPAddress] {
        guard let (uplink, gateway) = next(from: machine, to: destination) else { return [] }
        let own = machines[machine].uplinks[uplink].addresses.filter { $0.family == destination.family }
        return (own.filter { $0.contains(gateway) } + own.filter { !$0.contains(gateway) }).map(\.address)
    }

    func source(of machine: Int, to destination: IPAddress) -> IPAddress? {
        sources(of: machine, to: destination).first
    }

    /// The link that a packet leaves by and the address that it is handed to.
    private func next(from machine: Int, to destination: IPAddress) -> (uplink: Int, gateway: IPAddress)? {
        ways[machine].first { $0.prefix.contains(destination) }.map { ($0.uplink, $0.gateway ?? destination) }
    }
}

extension UnderlayMap.Machine {
    func forwarding(_ forwards: Bool) -> Self {
        Self(node: node, uplinks: uplinks, routes: routes, forwards: forwards, pointer: pointer)
    }

    fileprivate init(_ machine: ValidTopology.Machine, _ kind: Node.Kind, forwards: Bool) {
        self.init(
            node: Node(kind: kind, name: machine.name), uplinks: machine.uplinks, routes: machine.routes,
            forwards: forwards, pointer: machine.pointer)
    }

    fileprivate func has(_ address: IPAddress) -> Bool {
        uplinks.contains { $0.addresses.contains { $0.address == address } }
    }
}

extension ValidTopology {
    /// Hosts first, so that a host has one index here and in ``hosts``.
    var underlayMap: UnderlayMap {
        UnderlayMap(
            hosts.map { host in
                UnderlayMap.Machine(
                    node: Node(kind: .host, name: host.name), uplinks: host.uplinks, routes: host.routes,
                    forwards: false, pointer: host.pointer)
            }
                + routers.map { UnderlayMap.Machine($0, .router, forwards: true) }
                + servers.map { UnderlayMap.Machine($0, .server, forwards: false) })
    }
}
