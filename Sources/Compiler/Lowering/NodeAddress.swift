package import NetworkState

extension ValidTopology {
    /// Where other hosts send what is for `host`'s containers inside another packet, and what they receive such packets
    /// from: the first address of its first link that has one, IPv4 before IPv6. Nil for a host without links.
    ///
    /// Every encapsulation goes by this rule, or one host would not know the packets of another.
    package func nodeAddress(of host: Host) -> IPAddress? {
        let addresses = host.uplinks.lazy.flatMap(\.addresses)
        return (addresses.first { $0.family == .v4 } ?? addresses.first)?.address
    }
}
