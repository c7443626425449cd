package import Applier
package import NetworkState

extension HostNamespaces {
    /// All that is in them and in the namespaces of `containers`, with the settings and tables that `interest` names, as
    /// far as it is not the kernel's to learn and forget.
    package func state(of containers: [String], _ interest: HostState = HostState()) throws -> HostState {
        var applier = Applier(self)
        var all = interest
        for netns in [Netns.own] + containers.map(Netns.named) where all.namespaces[netns] == nil {
            all.namespaces[netns] = NamespaceState()
        }
        // Where a link's other end is, is looked up for those links alone that somebody names.
        for (netns, state) in try applier.observe(all).namespaces {
            for link in state.links.sorted { all.insert(.link(Link(name: link.name)), in: netns) }
        }
        return try applier.observe(all).settled
    }
}

extension HostState {
    /// Without the neighbours that the kernel learns by itself, such as the groups that it reports to IPv6 routers.
    package var settled: HostState {
        var settled = self
        for (netns, state) in namespaces {
            for neighbour in state.neighbours.sorted where neighbour.state == .dynamic {
                settled.namespaces[netns]?.remove(.neighbour(neighbour.identity))
            }
        }
        return settled
    }
}
