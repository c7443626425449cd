import NetworkState

extension Planner {
    /// Whether `resource`, though as declared, is about to go because its link, or that link's other end, is made anew.
    func isLost(_ resource: Resource, in netns: Netns) -> Bool {
        resource.devices.contains { isReplaced($0, in: netns) }
    }

    private func isReplaced(_ device: LinkName, in netns: Netns) -> Bool {
        guard case .link(let present)? = observed[netns, .link(device)] else { return false }
        if let declared = declaration.state.namespaces[netns]?.links[device], !declared.isReachable(from: present) {
            return true
        }
        guard let peer = present.peer, let far = observed.namespaces[peer.netns]?.links[peer.name],
            let declaredFar = declaration.state.namespaces[peer.netns]?.links[peer.name]
        else { return false }
        return !declaredFar.isReachable(from: far)
    }

    /// Takes away in order what is ours on a link that is about to be made anew, so that a roll-back knows of it.
    mutating func clearDependents(of present: Resource, in netns: Netns) {
        guard case .link(let link) = present else { return }
        blockForeignDependents(of: link, in: netns)
        for resource in known.entries.namespaces[netns]?.resources ?? [] {
            guard resource.devices.contains(link.name), declaration.state[netns, resource.identity] == nil,
                let present = observed[netns, resource.identity]
            else { continue }
            if case .sysctl = resource { continue }
            steps.append(
                Step(netns: netns, before: present, after: nil, reason: "goes with its link", phase: .clear))
        }
    }

    /// What somebody else put on a link of ours would go with it: that is theirs to decide.
    mutating func blockForeignDependents(of link: Link, in netns: Netns) {
        guard let state = observed.namespaces[netns] else { return }
        for resource in foreignResources(in: state, netns: netns) where resource.devices.contains(link.name) {
            obstacles.append(
                Obstacle(
                    netns: netns, held: resource,
                    reason: "is not weft's, and would go with link \(link.name): remove it first",
                    declared: nil))
        }
    }

    /// The same for a whole namespace.
    mutating func blockForeign(in state: NamespaceState, netns: Netns) {
        for resource in foreignResources(in: state, netns: netns) {
            let alreadyNoted = obstacles.contains { $0.netns == netns && $0.held == resource }
            if alreadyNoted { continue }
            obstacles.append(
                Obstacle(
                    netns: netns, held: resource,
                    reason: "is not weft's, and would go with namespace \(netns.name ?? ""): remove it first",
                    declared: nil))
        }
    }

    /// The links, addresses and routes that neither weft nor the kernel by itself has made.
    private func foreignResources(in state: NamespaceState, netns: Netns) -> [Resource] {
        let candidates =
            state.links.sorted.filter { !$0.isKernelMade }.map(Resource.link)
            + state.addresses.sorted.filter { !$0.isKernelMade }.map(Resource.address)
            + state.routes.sorted.filter { !$0.isKernelMade }.map(Resource.route)
        return candidates.filter { known.entries[netns, $0.identity] == nil }
    }
}

extension Link {
    /// The devices that some kernels put into every new namespace (`fb_tunnels_only_for_init_net` in
    /// Documentation/admin-guide/sysctl/net.rst).
    private static let fallbackNames: Set<String> = [
        "tunl0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "sit0", "ip6tnl0", "ip6gre0",
    ]

    fileprivate var isKernelMade: Bool { kind == .loopback || Self.fallbackNames.contains(name.text) }
}

extension Address {
    /// Loopback's own, and the IPv6 link-local address that a link gives itself.
    fileprivate var isKernelMade: Bool {
        prefix.address.isLoopback || (prefix.family == .v6 && prefix.address.isLinkLocal)
    }
}

extension Route {
    /// What comes with an address, or from a router's announcement.
    fileprivate var isKernelMade: Bool {
        `protocol` == .kernel || `protocol`.rawValue == 1 || `protocol`.rawValue == 9 || kind == .multicast
            || kind == .anycast || kind == .local || kind == .broadcast
    }
}
