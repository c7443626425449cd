/// One host's part in Flannel's UDP mode: a TUN link and a user-space forwarder behind it, which sends each packet to
/// the host that its destination belongs to, in a datagram that has nothing else in it.
package struct UDPOverlay: Hashable, Sendable {
    /// Another host, and what is behind it.
    package struct Peer: Hashable, Sendable {
        /// Of the host: whom datagrams go to and come from.
        package let node: IPAddress
        package let prefixes: [IPPrefix]

        package init(node: IPAddress, prefixes: [IPPrefix]) {
            self.node = node
            self.prefixes = prefixes
        }
    }

    package let device: LinkName
    package let port: UInt16
    /// This host, as its peers know it.
    package let node: IPAddress
    /// The TUN link's own addresses, which errors about packets come from: at most one of each family.
    package let addresses: [IPAddress]
    /// What peers may send packets to.
    package let local: [IPPrefix]
    package let peers: [Peer]

    package init(
        device: LinkName, port: UInt16, node: IPAddress, addresses: [IPAddress], local: [IPPrefix],
        peers: [Peer]
    ) {
        self.device = device
        self.port = port
        self.node = node
        self.addresses = addresses
        self.local = local
        self.peers = peers
    }
}
