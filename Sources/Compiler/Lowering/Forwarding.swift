package import NetworkState

extension ValidTopology {
    /// What the UDP forwarder of a host, an index into ``hosts``, is told. Nil for a host without links, which nobody
    /// could send a datagram to.
    ///
    /// Peers whose node address is of the other family cannot be reached from one socket and are left out, as in every
    /// other encapsulation.
    package func udpOverlay(forHost index: Int) -> UDPOverlay? {
        let host = hosts[index]
        guard let node = nodeAddress(of: host) else { return nil }
        let peers = hosts.indices.compactMap { other -> UDPOverlay.Peer? in
            guard other != index, let address = nodeAddress(of: hosts[other]), address.family == node.family else {
                return nil
            }
            let prefixes = hosts[other].overlayPrefixes
            return prefixes.isEmpty ? nil : UDPOverlay.Peer(node: address, prefixes: prefixes)
        }
        return UDPOverlay(
            device: FlannelUDP.device, port: FlannelUDP.port, node: node,
            addresses: IPAddress.Family.allCases.compactMap(host.tunnelAddress), local: host.overlayPrefixes,
            peers: peers)
    }
}

extension ValidTopology.Host {
    /// Its blocks, and the addresses that its containers have borrowed from blocks of others.
    fileprivate var overlayPrefixes: [IPPrefix] { blocks + borrowed.map { IPPrefix(host: $0.address) } }
}
