import NetworkState

extension ValidTopology {
    /// Everything that `host`, an index into ``hosts``, should have so that its containers are networked.
    ///
    /// It costs what one host needs: its own containers and an entry per block of its peers.
    package func declaration(forHost host: Int) -> Declaration {
        var declaration = Declaration()
        let host = hosts[host]
        switch model.attachment {
        case .routed: declareRoutedContainers(of: host, in: &declaration)
        case .bridged: preconditionFailure("validation lets no bridged attachment through yet")
        }
        switch model.encapsulation {
        case .none: declarePeerRoutes(of: host, in: &declaration)
        case .vxlan, .ipip, .udp, .isolated: preconditionFailure("validation lets no encapsulation through yet")
        }
        return declaration
    }

    /// The alias of every link that is ours on `host`.
    func mark(of host: Host) -> String { Ledger.mark(topology: name, host: host.name) }
}
