package import NetworkState

/// What follows from a topology for packets from one end to another: whether they get there and back, and whose address
/// the other side sees. A pure function of the topology, against which a lab's packets are held.
package struct Outlook: Sendable {
    /// What an exchange that one side begins should come to.
    package enum Prospect: Hashable, Sendable {
        case unreachable
        /// The other side sees an address of the sender's.
        case reachable
        /// The other side sees one of these, by masquerade.
        case masqueraded(as: [IPAddress])

        package var isReachable: Bool { self != .unreachable }
    }

    /// Who sends: containers and hosts by the host's index, servers by their own.
    package enum Sender: Hashable, Sendable {
        case container(IPAddress, host: Int)
        case host(Int)
        case server(Int)
    }

    private let topology: ValidTopology
    private let map: UnderlayMap
    private let firstServer: Int

    package init(_ topology: ValidTopology) {
        self.topology = topology
        map = topology.forwardingMap
        firstServer = topology.hosts.count + topology.routers.count
    }

    /// From a container to `address` of another, on `target`.
    package func prospect(
        from address: IPAddress, on host: Int, toContainer other: IPAddress, on target: Int
    ) -> Prospect {
        if host == target || !isIsolated { return .reachable }
        return crossing(from: address, on: host, to: other, heldBy: target)
    }

    /// From a container to `address` of a server.
    package func prospect(from address: IPAddress, on host: Int, toServer server: Int, at other: IPAddress) -> Prospect
    {
        crossing(from: address, on: host, to: other, heldBy: firstServer + server)
    }

    /// From a server to a container's own address.
    package func prospect(fromServer server: Int, toContainer address: IPAddress, on host: Int) -> Prospect {
        let machine = firstServer + server
        guard holds(host, map.walk(from: machine, to: address, heldBy: holders(of: address))),
            let own = map.source(of: machine, to: address), map.walk(from: host, to: own) == .delivered(to: machine)
        else { return .unreachable }
        return .reachable
    }

    /// To a port of `host` at `address`, one of its links', that leads to one of its containers.
    package func prospect(from sender: Sender, toPortOf host: Int, at address: IPAddress) -> Prospect {
        switch sender {
        // Back through the bridge they would go directly, so they take its address.
        case .container(let own, let home) where home == host:
            let bridge = topology.hosts[host].gateways.filter { $0.family == own.family }
            return bridge.isEmpty ? .reachable : .masqueraded(as: bridge)
        case .container(let own, let home): return crossing(from: own, on: home, to: address, heldBy: host)
        case .host(let home) where home == host: return .reachable
        case .host(let machine): return exchange(between: machine, and: host, at: address)
        case .server(let server): return exchange(between: firstServer + server, and: host, at: address)
        }
    }
}

extension Outlook {
    private var isIsolated: Bool { topology.model.encapsulation == .isolated }

    /// Between machines by addresses of their own.
    private func exchange(between machine: Int, and other: Int, at address: IPAddress) -> Prospect {
        guard map.walk(from: machine, to: address) == .delivered(to: other),
            let own = map.source(of: machine, to: address), map.walk(from: other, to: own) == .delivered(to: machine)
        else { return .unreachable }
        return .reachable
    }

    /// From a container through its host and the underlay to what `target` has, and back.
    private func crossing(from own: IPAddress, on host: Int, to address: IPAddress, heldBy target: Int) -> Prospect {
        // What is a subnet of the host's own does not leave it.
        guard !topology.hosts[host].blocks.contains(where: { $0.contains(address) }),
            map.walk(from: host, to: address, heldBy: target < topology.hosts.count ? [target] : [])
                == .delivered(to: target)
        else { return .unreachable }
        guard isMasqueraded(own, of: host, towards: address) else {
            let ending = map.walk(from: target, to: own, heldBy: holders(of: own))
            return holds(host, ending) ? .reachable : .unreachable
        }
        guard let source = map.source(of: host, to: address),
            map.walk(from: target, to: source) == .delivered(to: host)
        else { return .unreachable }
        return .masqueraded(as: map.sources(of: host, to: address))
    }

    private func isMasqueraded(_ own: IPAddress, of host: Int, towards address: IPAddress) -> Bool {
        guard topology.egress == .masquerade else { return false }
        if isIsolated { return topology.hosts[host].blocks.contains { $0.contains(own) } }
        let pools = topology.containerPrefixes
        return pools.contains { $0.contains(own) } && !pools.contains { $0.contains(address) }
    }

    /// The hosts that know a way to a container: all, or where nothing crosses them, those that have its subnet.
    private func holders(of address: IPAddress) -> Set<Int> {
        Set(
            topology.hosts.indices.filter { index in
                let host = topology.hosts[index]
                return !host.containers.isEmpty && (!isIsolated || host.blocks.contains { $0.contains(address) })
            })
    }

    /// Whether a packet for a container of `host` that got so far gets there.
    private func holds(_ host: Int, _ ending: UnderlayMap.Ending) -> Bool {
        guard case .delivered(let machine) = ending, topology.hosts.indices.contains(machine) else { return false }
        return machine == host || !isIsolated
    }
}

extension ValidTopology {
    /// The underlay as it is with weft, which has every host with containers forward, whatever that did before.
    var forwardingMap: UnderlayMap {
        UnderlayMap(
            underlayMap.machines.enumerated().map { index, machine in
                let holds = index < hosts.count && !hosts[index].containers.isEmpty
                return machine.forwarding(machine.forwards || holds)
            })
    }
}
