import NetworkState

extension ValidTopology {
    /// Neighbour entries that a full exchange of packets would make the kernels of a lab learn: the gateway in each
    /// container, each container on its host, those on one bridge on each other, and each host on every other. Of the family that has more of them: each has
    /// a table of its own, of the same size.
    package var learntNeighbourCount: Int { IPAddress.Family.allCases.map(learntNeighbourCount).max() ?? 0 }

    private func learntNeighbourCount(_ family: IPAddress.Family) -> Int {
        let containers = hosts.lazy.flatMap(\.containers).count { $0.families.contains(family) }
        let hosts = hosts.count { host in host.uplinks.contains { $0.families.contains(family) } }
        return 2 * containers + siblingPairCount(family) + hosts * max(0, hosts - 1)
    }

    private func siblingPairCount(_ family: IPAddress.Family) -> Int {
        guard model.attachment == .bridged else { return 0 }
        return hosts.reduce(0) { sum, host in
            let count = host.containers.count { $0.families.contains(family) }
            return sum + count * max(0, count - 1)
        }
    }

    /// On a larger bridge, entries of all for all are more than are worth their memory.
    private static let siblingLimit = 200

    /// The same entries as permanent ones, for labs that would overflow the kernel's table: it has room for
    /// `gc_thresh3` learnt entries (1,024) in all namespaces together, drops what does not fit without an error, and
    /// does not count permanent ones (`neigh_alloc` in net/core/neighbour.c).
    ///
    /// Hosts know just those peers that `hostPairs` (indices into ``hosts``) names.
    package func neighbourPins(hostPairs: some Sequence<(Int, Int)>) -> Declaration {
        var declaration = Declaration()
        for host in hosts {
            for container in host.containers {
                switch model.attachment {
                case .routed: pin(container, on: host, in: &declaration)
                case .bridged: pinBridged(container, on: host, in: &declaration)
                }
            }
        }
        for (from, to) in hostPairs where from != to {
            pin(hosts[to], on: hosts[from], in: &declaration)
        }
        return declaration
    }

    private func pin(_ container: Container, on host: Host, in declaration: inout Declaration) {
        for family in container.families {
            let gateway = Neighbour(
                Calico.gateway(family), device: Calico.containerLink, linkLayerAddress: Calico.hostLinkAddress)
            declaration.declare(.neighbour(gateway), in: .named(container.name), at: container.pointer)
        }
        for address in container.addresses {
            let entry = Neighbour(
                address, device: container.link, linkLayerAddress: linkLayerAddress(of: container, on: host))
            declaration.declare(.neighbour(entry), in: .named(host.name), at: container.pointer)
        }
    }

    private func pinBridged(_ container: Container, on host: Host, in declaration: inout Declaration) {
        let netns = Netns.named(container.name)
        for address in container.addresses {
            guard let gateway = host.blocks.first(where: { $0.contains(address) })?.firstUsable else { continue }
            let way = Neighbour(
                gateway, device: Calico.containerLink, linkLayerAddress: bridgeLinkAddress(of: host))
            declaration.declare(.neighbour(way), in: netns, at: container.pointer)
            let entry = Neighbour(
                address, device: Docker.bridge, linkLayerAddress: linkLayerAddress(of: container, on: host))
            declaration.declare(.neighbour(entry), in: .named(host.name), at: container.pointer)
        }
        guard host.containers.count <= Self.siblingLimit else { return }
        for sibling in host.containers where sibling.name != container.name {
            for address in sibling.addresses where container.families.contains(address.family) {
                let entry = Neighbour(
                    address, device: Calico.containerLink, linkLayerAddress: linkLayerAddress(of: sibling, on: host))
                declaration.declare(.neighbour(entry), in: netns, at: container.pointer)
            }
        }
    }

    private func pin(_ peer: Host, on host: Host, in declaration: inout Declaration) {
        for uplink in host.uplinks {
            for other in peer.uplinks where other.segment == uplink.segment {
                for address in other.addresses {
                    let entry = Neighbour(
                        address.address, device: uplink.name,
                        linkLayerAddress: underlayAddress(of: other, on: peer.name))
                    declaration.declare(.neighbour(entry), in: .named(host.name), at: uplink.pointer)
                }
            }
        }
    }
}
