package import Netlink
package import NetworkState

/// Where packets go by their destination, and whom they may come from.
package struct ForwardingTable: Sendable {
    package enum Destination: Hashable, Sendable {
        /// Behind this host: what peers send is for it.
        case local
        /// Behind the host that receives datagrams there.
        case peer(SocketAddress)
    }

    private var destinations = PrefixTable<Destination>()
    private var peers: Set<SocketAddress> = []

    package init(_ overlay: UDPOverlay) {
        for prefix in overlay.local { destinations.insert(prefix, .local) }
        for peer in overlay.peers {
            let address = SocketAddress(peer.node, port: overlay.port)
            peers.insert(address)
            for prefix in peer.prefixes { destinations.insert(prefix, .peer(address)) }
        }
    }

    /// By longest match, so that an address borrowed from one host's block is found at the host that has it.
    package subscript(address: IPAddress) -> Destination? { destinations[address] }

    package func hasPeer(_ address: SocketAddress) -> Bool { peers.contains(address) }
}

extension SocketAddress {
    package init(_ address: IPAddress, port: UInt16) {
        self.init(address.family == .v4 ? .v4 : .v6, bits: address.bits, port: port)
    }
}
