import NetworkState

extension ValidTopology {
    /// What becomes of the addresses of packets between `host`'s containers and the outside: one nftables table.
    func declareNATTable(of host: Host, in declaration: inout Declaration) {
        guard !host.containers.isEmpty else { return }
        let rules = model.encapsulation == .isolated ? isolatedRules(of: host) : egressRules
        guard let table = rules.table(named: NATTable.name(ofTopology: name)) else { return }
        declaration.declare(.table(table), at: networkPointer)
    }

    /// What is a container's address, for all hosts alike: the pools, or where none are written all hosts' blocks.
    var containerPrefixes: [IPPrefix] { pools.isEmpty ? hosts.flatMap(\.blocks) : pools }

    /// Towards anybody but containers, those of this host take its address.
    private var egressRules: NATRules {
        var rules = NATRules()
        guard egress == .masquerade else { return rules }
        rules.pools = containerPrefixes
        return rules
    }

    /// Other hosts may use the same addresses, so nothing of them may be seen outside; what leads inside is published.
    private func isolatedRules(of host: Host) -> NATRules {
        var rules = NATRules()
        rules.bridge = NATRules.Bridge(
            name: Docker.bridge, subnets: host.blocks, masquerades: egress == .masquerade)
        rules.published = host.containers.flatMap { container in
            container.published.flatMap { port in
                container.firstAddresses.map { NATRules.Publication(port, to: $0) }
            }
        }
        return rules
    }
}

extension ValidTopology.Container {
    /// Of each family one: a port leads to one address.
    fileprivate var firstAddresses: [IPAddress] {
        [IPAddress.Family.v4, .v6].compactMap { family in addresses.first { $0.family == family } }
    }
}
