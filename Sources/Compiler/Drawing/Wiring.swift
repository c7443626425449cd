package import NetworkState

/// What a topology is made of, as one would draw it: its networks, the machines on them, and what runs on those.
package struct Wiring: Hashable, Sendable {
    package struct Segment: Hashable, Sendable {
        package let name: String
        package let subnets: [IPPrefix]
        package let mtu: UInt32

        package init(name: String, subnets: [IPPrefix], mtu: UInt32) {
            self.name = name
            self.subnets = subnets
            self.mtu = mtu
        }
    }

    /// A machine's link to a segment.
    package struct Link: Hashable, Sendable {
        package let name: LinkName
        /// The segment's name.
        package let segment: String
        package let addresses: [IPPrefix]

        package init(name: LinkName, segment: String, addresses: [IPPrefix]) {
            self.name = name
            self.segment = segment
            self.addresses = addresses
        }
    }

    package struct Container: Hashable, Sendable {
        package let name: String
        package let addresses: [IPAddress]
        /// The host's end of its wire.
        package let link: LinkName

        package init(name: String, addresses: [IPAddress], link: LinkName) {
            self.name = name
            self.addresses = addresses
            self.link = link
        }
    }

    /// A link that weft makes on a host for all its containers together: a bridge or a tunnel.
    package struct Device: Hashable, Sendable {
        package let name: LinkName
        package let addresses: [IPAddress]
    }

    package struct Machine: Hashable, Sendable {
        package enum Kind: String, Hashable, Sendable {
            case router, server, host
        }

        package let kind: Kind
        package let name: String
        package let links: [Link]
        /// The container subnets that are a host's own.
        package var blocks: [IPPrefix]
        package var containers: [Container]
        package var bridge: Device?
        package var tunnel: Device?

        package init(
            kind: Kind, name: String, links: [Link], blocks: [IPPrefix] = [], containers: [Container] = [],
            bridge: Device? = nil, tunnel: Device? = nil
        ) {
            self.kind = kind
            self.name = name
            self.links = links
            self.blocks = blocks
            self.containers = containers
            self.bridge = bridge
            self.tunnel = tunnel
        }
    }

    package var segments: [Segment]
    package var machines: [Machine]

    package init(segments: [Segment] = [], machines: [Machine] = []) {
        self.segments = segments
        self.machines = machines
    }
}

extension Wiring {
    /// Routers come first, then hosts, then servers.
    package init(_ topology: ValidTopology) {
        let links = { (uplinks: [ValidTopology.Uplink]) in
            uplinks.map { uplink in
                let segment = topology.segments[uplink.segment].name
                return Link(name: uplink.name, segment: segment, addresses: uplink.addresses)
            }
        }
        let hosts = topology.hosts.map { host in
            let containers = host.containers.map {
                Container(name: $0.name, addresses: $0.addresses, link: $0.link)
            }
            return Machine(
                kind: .host, name: host.name, links: links(host.uplinks), blocks: host.blocks, containers: containers,
                bridge: topology.bridge(of: host), tunnel: topology.tunnel(of: host))
        }
        let routers = topology.routers.map { Machine(kind: .router, name: $0.name, links: links($0.uplinks)) }
        let servers = topology.servers.map { Machine(kind: .server, name: $0.name, links: links($0.uplinks)) }
        segments = topology.segments.map { Segment(name: $0.name, subnets: $0.subnets, mtu: $0.mtu) }
        machines = routers + hosts + servers
    }
}

extension ValidTopology {
    fileprivate func bridge(of host: Host) -> Wiring.Device? {
        guard model.attachment == .bridged, !host.containers.isEmpty else { return nil }
        return Wiring.Device(name: Docker.bridge, addresses: host.gateways)
    }

    fileprivate func tunnel(of host: Host) -> Wiring.Device? {
        guard let name = tunnelDevice, !host.blocks.isEmpty, nodeAddress(of: host) != nil else { return nil }
        return Wiring.Device(name: name, addresses: IPAddress.Family.allCases.compactMap(host.tunnelAddress))
    }

    private var tunnelDevice: LinkName? {
        switch model.encapsulation {
        case .none, .isolated: nil
        case .vxlan: model.vxlanConvention.device
        case .ipip: IPIPConvention.device
        case .udp: FlannelUDP.device
        }
    }
}
