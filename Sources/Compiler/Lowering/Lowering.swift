import NetworkState

extension ValidTopology {
    /// Everything that `host`, an index into ``hosts``, should have so that its containers are networked.
    ///
    /// It costs what one host needs: its own containers and an entry per block of its peers.
    package func declaration(forHost host: Int, isLocated: Bool = true) -> Declaration {
        var declaration = Declaration(isLocated: isLocated)
        declaration.nextHops = nextHops
        let host = hosts[host]
        switch model.attachment {
        case .routed: declareRoutedContainers(of: host, in: &declaration)
        case .bridged: declareBridgedContainers(of: host, in: &declaration)
        }
        switch model.encapsulation {
        case .none, .isolated: break
        case .vxlan: declareVXLANTunnel(of: host, in: &declaration)
        case .ipip: declareIPIPTunnel(of: host, in: &declaration)
        case .udp: declareUDPTunnel(of: host, in: &declaration)
        }
        declarePeerRoutes(of: host, in: &declaration)
        declareNATTable(of: host, in: &declaration)
        return declaration
    }

    /// The alias of every link that is ours on `host`.
    func mark(of host: Host) -> String { Ledger.mark(topology: name, host: host.name) }
}
