import NetworkState

/// How packets get from one end to another: what can differ between two topologies that have both.
struct Passage: Hashable {
    /// The machines that it is sent and received on: hosts, or a server itself.
    let from: String
    let to: String
    /// As the sender's host has it in its route; nil on one host, and where the underlay's own routes lead.
    let way: ValidTopology.Way?
    /// What the packet is put into; none for a plain one.
    let encapsulation: NetworkModel.Encapsulation
    /// What the other end sees as the source, where that is not the sender's own address.
    let source: IPAddress?

    /// `A to B by vxlan via 172.17.9.0 dev flannel.1`, `A to web as 192.168.100.100`, `on A`
    var text: String {
        var words = from == to ? ["on \(from)"] : ["\(from) to \(to)"]
        if encapsulation != .none { words.append("by \(encapsulation.rawValue)") }
        if let gateway = way?.gateway { words.append("via \(gateway)") }
        if let device = way?.device { words.append("dev \(device)") }
        if let source { words.append("as \(source)") }
        return words.joined(separator: " ")
    }
}

/// Where an end of a passage is: all that a passage depends on, so that ends at one station need be looked at once.
struct Station: Hashable {
    enum Machine: Hashable {
        /// Both by index.
        case host(Int), server(Int)
    }

    let machine: Machine
    /// Of a container: what its host's peers have routes for, of each family that it has an address of. A server's
    /// addresses.
    let destinations: [IPPrefix]

    init(_ container: ValidTopology.Container, on index: Int, of topology: ValidTopology) {
        machine = .host(index)
        let blocks = topology.hosts[index].blocks
        destinations = container.families.compactMap { family in
            guard let address = container.addresses.first(where: { $0.family == family }) else { return nil }
            return blocks.first { $0.contains(address) } ?? IPPrefix(host: address)
        }
    }

    init(server index: Int, of topology: ValidTopology) {
        machine = .server(index)
        let addresses = topology.servers[index].uplinks.flatMap(\.addresses).map(\.address)
        destinations = IPAddress.Family.allCases.compactMap { family in
            addresses.first { $0.family == family }.map(IPPrefix.init(host:))
        }
    }

    func destination(_ family: IPAddress.Family) -> IPPrefix? {
        destinations.first { $0.family == family }
    }
}

/// The passages of one topology.
struct Passages {
    /// A container or server: where it is, and its addresses.
    struct End {
        let station: Station
        let addresses: [IPAddress]

        func address(_ family: IPAddress.Family) -> IPAddress? { addresses.first { $0.family == family } }
    }

    private let topology: ValidTopology
    private let outlook: Outlook
    let ends: [String: End]

    init(_ topology: ValidTopology) {
        self.topology = topology
        outlook = Outlook(topology)
        var ends: [String: End] = [:]
        for (index, host) in topology.hosts.enumerated() {
            for container in host.containers {
                ends[container.name] = End(
                    station: Station(container, on: index, of: topology), addresses: container.addresses)
            }
        }
        for (index, server) in topology.servers.enumerated() {
            ends[server.name] = End(
                station: Station(server: index, of: topology),
                addresses: server.uplinks.flatMap(\.addresses).map(\.address))
        }
        self.ends = ends
    }

    /// Nil if packets of `family` do not get there and back.
    func passage(from: End, to: End, _ family: IPAddress.Family) -> Passage? {
        guard let own = from.address(family), let other = to.address(family) else { return nil }
        switch (from.station.machine, to.station.machine) {
        case (.host(let home), .host(let target)):
            let prospect = outlook.prospect(from: own, on: home, toContainer: other, on: target)
            return passage(prospect, from: topology.hosts[home], to: topology.hosts[target], to.station, family)
        case (.host(let home), .server(let server)):
            let prospect = outlook.prospect(from: own, on: home, toServer: server, at: other)
            return passage(prospect, from: topology.hosts[home].name, to: topology.servers[server].name)
        case (.server(let server), .host(let target)):
            let prospect = outlook.prospect(fromServer: server, toContainer: other, on: target)
            return passage(prospect, from: topology.servers[server].name, to: topology.hosts[target].name)
        case (.server, .server): return nil
        }
    }

    private func passage(
        _ prospect: Outlook.Prospect, from home: ValidTopology.Host, to target: ValidTopology.Host, _ station: Station,
        _ family: IPAddress.Family
    ) -> Passage? {
        guard home.name != target.name, let destination = station.destination(family),
            let way = topology.way(from: home, to: target, for: destination)
        else { return passage(prospect, from: home.name, to: target.name) }
        return passage(
            prospect, from: home.name, to: target.name, way: way,
            encapsulation: topology.isUplink(way.device, of: home) ? .none : topology.model.encapsulation)
    }

    private func passage(
        _ prospect: Outlook.Prospect, from home: String, to target: String, way: ValidTopology.Way? = nil,
        encapsulation: NetworkModel.Encapsulation = .none
    ) -> Passage? {
        let source: IPAddress? = if case .masqueraded(let addresses) = prospect { addresses.first } else { nil }
        guard prospect.isReachable else { return nil }
        return Passage(from: home, to: target, way: way, encapsulation: encapsulation, source: source)
    }
}

extension ValidTopology {
    /// Otherwise it is a tunnel's.
    fileprivate func isUplink(_ device: LinkName, of host: Host) -> Bool {
        host.uplinks.contains { $0.name == device }
    }
}
