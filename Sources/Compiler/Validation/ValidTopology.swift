package import NetworkState

/// A topology without a mistake in it: names resolved, ranges expanded, every address and link name settled.
///
/// Obtainable only through ``load(_:)``. Hosts, routers and segments refer to each other by index.
package struct ValidTopology: Sendable {
    /// An underlay network that its members share: a switch.
    package struct Segment: Sendable {
        package let name: String
        package let subnets: [IPPrefix]
        package let mtu: UInt32
        package let pointer: JSONPointer
    }

    /// A host's, router's or server's link to a segment.
    package struct Uplink: Sendable {
        package let name: LinkName
        /// Index into ``ValidTopology/segments``.
        package let segment: Int
        /// With the subnet's length: `192.168.100.100/24`.
        package let addresses: [IPPrefix]
        package let mtu: UInt32
        package let pointer: JSONPointer
    }

    /// A route of the underlay, as the machine's administrator would have set it.
    package struct UnderlayRoute: Sendable {
        package let destination: IPPrefix
        package let gateway: IPAddress
        /// The uplink that ``gateway`` is on.
        package let device: LinkName
        package let pointer: JSONPointer
    }

    /// A router, or a server: a machine outside, which has no containers and does not forward.
    package struct Machine: Sendable {
        package let name: String
        package let uplinks: [Uplink]
        package let routes: [UnderlayRoute]
        package let pointer: JSONPointer
    }

    package struct Container: Sendable {
        package let name: String
        package let addresses: [IPAddress]
        /// The host's end of its veth pair; its own end is always `eth0`.
        package let link: LinkName
        /// Of its own end; nil where any will do.
        package let mac: MACAddress?
        /// The ports of its host that lead to it.
        package let published: [PublishedPort]
        /// The namespace that somebody else has made for it; nil where weft makes one.
        package let workload: Netns?
        package let mtu: UInt32
        package let pointer: JSONPointer
    }

    /// A class, as hosts are handed about a million times where each has to do with each other: a structure's copy would
    /// count references to all of its parts.
    package final class Host: Sendable {
        package let name: String
        package let uplinks: [Uplink]
        package let routes: [UnderlayRoute]
        /// The container subnets that are this host's own.
        package let blocks: [IPPrefix]
        package let containers: Containers
        package let pointer: JSONPointer
        /// Where `blocks` are written, or the host itself where they were assigned.
        package let blocksPointer: JSONPointer
        /// Addresses of its containers that lie in other hosts' blocks.
        package let borrowed: [BorrowedAddress]

        init(
            name: String, uplinks: [Uplink], routes: [UnderlayRoute], blocks: [IPPrefix], containers: Containers,
            pointer: JSONPointer, blocksPointer: JSONPointer, borrowed: [BorrowedAddress]
        ) {
            self.name = name
            self.uplinks = uplinks
            self.routes = routes
            self.blocks = blocks
            self.containers = containers
            self.pointer = pointer
            self.blocksPointer = blocksPointer
            self.borrowed = borrowed
        }
    }

    /// An address that a container has although it lies in another host's block, so that every other host needs a
    /// route to it alone.
    package struct BorrowedAddress: Hashable, Sendable {
        package let address: IPAddress
        package let pointer: JSONPointer
    }

    package let name: String
    package let model: NetworkModel
    /// The protocol of routes to other hosts' blocks: `bird` in the calico profile, as the lecture prints them.
    package let peerRouteProtocol: RouteProtocol
    package let egress: NetworkModel.Egress
    package let nextHops: NetworkModel.NextHops
    package let pools: [IPPrefix]
    /// Of every container's link, and of what their packets cross on a host.
    package let mtu: UInt32
    package let segments: [Segment]
    package let routers: [Machine]
    package let servers: [Machine]
    package internal(set) var hosts: [Host]
    package let expectations: [Expectation]
    /// What happens while it is tested, in order.
    package internal(set) var events: [Event] = []
    package let networkPointer: JSONPointer
}

extension ValidTopology.Uplink {
    /// The families that it has addresses of, IPv4 first.
    package var families: [IPAddress.Family] { IPAddress.Family.allCases.filter { address($0) != nil } }

    /// The first of `family` that it has.
    package func address(_ family: IPAddress.Family) -> IPAddress? {
        addresses.first { $0.family == family }?.address
    }
}

extension ValidTopology.Container {
    package var netns: Netns { workload ?? .named(name) }

    /// The families that it has addresses of, IPv4 first.
    package var families: [IPAddress.Family] {
        IPAddress.Family.allCases.filter { family in addresses.contains { $0.family == family } }
    }
}

extension ValidTopology.Host {
    /// The families that its containers have addresses of, IPv4 first.
    package var containerFamilies: [IPAddress.Family] { containers.families }

    /// What the tunnel's device has for an address, in models with a tunnel: the network's own address of the first block
    /// of `family`, which no container gets, as a /32 or /128. Flannel's convention.
    package func tunnelAddress(_ family: IPAddress.Family) -> IPAddress? {
        blocks.first { $0.family == family }?.address
    }
}

extension ValidTopology {
    /// The same without these hosts, as if they had left: nothing else moves, assigned addresses least of all.
    package func without(hosts names: Set<String>) -> ValidTopology {
        var topology = self
        topology.hosts.removeAll { names.contains($0.name) }
        return topology
    }
}
