package import NetworkState

/// The ways that packets between containers and servers take, as they follow from a topology: through which machines, and
/// what they are put into between hosts. A pure function of the topology, against which a lab's packets are held.
package struct ExpectedWays {
    /// There and back. Each begins with the one end and ends with the other; switches are not in it.
    package struct Passage: Hashable, Sendable {
        package let there: [String]
        package let back: [String]
        /// What is sent is put into, between hosts.
        package let encapsulation: NetworkModel.Encapsulation
        package let returnEncapsulation: NetworkModel.Encapsulation
    }

    private enum End {
        /// By index, as are servers.
        case container(host: Int)
        case server(Int)
    }

    /// From one host or server to another.
    private struct Leg {
        var machines: [Int]
        let encapsulation: NetworkModel.Encapsulation
    }

    private let topology: ValidTopology
    private let outlook: Outlook
    private let map: UnderlayMap
    private let ends: [String: End]
    /// The same in the file's order, containers first.
    private let places: [End]
    private let firstServer: Int
    /// Of each container's address, the host.
    private let homes: [IPAddress: Int]
    /// By their names.
    private let numbers: [String: Int]

    package init(_ topology: ValidTopology) {
        self.topology = topology
        outlook = Outlook(topology)
        map = topology.forwardingMap
        firstServer = topology.hosts.count + topology.routers.count
        let containers = topology.hosts.enumerated().flatMap { index, host in
            host.containers.map { ($0.name, End.container(host: index)) }
        }
        let all = containers + topology.servers.enumerated().map { ($1.name, End.server($0)) }
        ends = Dictionary(uniqueKeysWithValues: all)
        places = all.map(\.1)
        var homes: [IPAddress: Int] = [:]
        for (index, host) in topology.hosts.enumerated() {
            for address in host.containers.flatMap(\.addresses) { homes[address] = index }
        }
        self.homes = homes
        numbers = Dictionary(uniqueKeysWithValues: map.machines.enumerated().map { ($1.node.name, $0) })
    }

    /// A machine's place in ``machines(from:to:at:)``.
    func machine(_ name: String) -> Int? { numbers[name] }

    /// What is to become of an exchange that `start` begins.
    ///
    /// - `start`, `end`: by their places among all containers and servers.
    func prospect(from start: Int, at own: IPAddress, to end: Int, at address: IPAddress) -> Outlook.Prospect {
        prospect(from: places[start], own, to: places[end], address)
    }

    /// Of a container, its host's index; nil for a server.
    func host(of end: Int) -> Int? {
        if case .container(let host) = places[end] { host } else { nil }
    }

    /// The machines by which packets from the one get to the other, without the ends if these are containers; nil if they do not.
    ///
    /// - `start`, `end`: by their places among all containers and servers.
    func machines(from start: Int, to end: Int, at address: IPAddress) -> [Int]? {
        leg(from: places[start], to: places[end], address)?.machines
    }

    /// Between containers and servers by name, from the one's address to the other's; nil where nothing gets there and back.
    package func passage(
        from: String, at own: IPAddress, to: String, at address: IPAddress
    ) -> Passage? {
        guard let start = ends[from], let end = ends[to] else { return nil }
        let prospect = prospect(from: start, own, to: end, address)
        guard prospect.isReachable else { return nil }
        // Answers go to where the question seems to come from.
        let seen: IPAddress = if case .masqueraded(let addresses) = prospect { addresses.first ?? own } else { own }
        guard let there = leg(from: start, to: end, address), let back = leg(from: end, to: start, seen) else {
            return nil
        }
        return Passage(
            there: nodes(from, there, to, start, end), back: nodes(to, back, from, end, start),
            encapsulation: there.encapsulation, returnEncapsulation: back.encapsulation)
    }

    private func prospect(from start: End, _ own: IPAddress, to end: End, _ address: IPAddress) -> Outlook.Prospect {
        switch (start, end) {
        case (.container(let home), .container(let target)):
            outlook.prospect(from: own, on: home, toContainer: address, on: target)
        case (.container(let home), .server(let server)):
            outlook.prospect(from: own, on: home, toServer: server, at: address)
        case (.server(let server), .container(let target)):
            outlook.prospect(fromServer: server, toContainer: address, on: target)
        case (.server, .server): .unreachable
        }
    }

    private func nodes(_ from: String, _ leg: Leg, _ to: String, _ start: End, _ end: End) -> [String] {
        let machines = leg.machines.map { map.machines[$0].node.name }
        let first = if case .container = start { [from] } else { [String]() }
        let last = if case .container = end { [to] } else { [String]() }
        return first + machines + last
    }
}

extension ExpectedWays {
    private func machine(of end: End) -> Int {
        switch end {
        case .container(let host): host
        case .server(let server): firstServer + server
        }
    }

    private func leg(from start: End, to end: End, _ address: IPAddress) -> Leg? {
        let (origin, target) = (machine(of: start), machine(of: end))
        if origin == target { return Leg(machines: [origin], encapsulation: .none) }
        guard case .container(let host) = end,
            homes[address] == host
        else { return plain(from: origin, to: target, address) }
        if case .container(let home) = start { return crossing(from: home, to: host, address) }
        // Whichever host it comes to first knows the way on.
        let (machines, ending) = map.trail(from: origin, to: address, heldBy: Set(topology.hosts.indices))
        guard case .delivered(let entry) = ending else { return nil }
        guard entry != host else { return Leg(machines: machines, encapsulation: .none) }
        guard let rest = crossing(from: entry, to: host, address) else { return nil }
        return Leg(machines: machines + rest.machines.dropFirst(), encapsulation: rest.encapsulation)
    }

    private func plain(from origin: Int, to target: Int, _ address: IPAddress) -> Leg? {
        let (machines, ending) = map.trail(from: origin, to: address)
        return ending == .delivered(to: target) ? Leg(machines: machines, encapsulation: .none) : nil
    }

    /// From host to host, by what weft has the one know of the other.
    private func crossing(from home: Int, to target: Int, _ address: IPAddress, hostsBefore: Int = 0) -> Leg? {
        let destination =
            topology.hosts[target].blocks.first { $0.contains(address) } ?? IPPrefix(host: address)
        let way = topology.way(from: topology.hosts[home], to: topology.hosts[target], for: destination)
        if let way, topology.hosts[home].uplinks.contains(where: { $0.name == way.device }), let gateway = way.gateway {
            return plain(from: home, to: target, gateway)
        }
        if way != nil || topology.model.encapsulation == .udp,
            let node = topology.nodeAddress(of: topology.hosts[target]), let leg = plain(from: home, to: target, node)
        {
            return Leg(machines: leg.machines, encapsulation: topology.model.encapsulation)
        }
        let (machines, ending) = map.trail(
            from: home, to: address, heldBy: Set(topology.hosts.indices).subtracting([home]))
        guard case .delivered(let entry) = ending else { return nil }
        guard entry != target else { return Leg(machines: machines, encapsulation: .none) }
        guard hostsBefore < topology.hosts.count,
            let rest = crossing(from: entry, to: target, address, hostsBefore: hostsBefore + 1)
        else {
            return nil
        }
        return Leg(machines: machines + rest.machines.dropFirst(), encapsulation: rest.encapsulation)
    }
}
