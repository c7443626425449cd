extension Address {
    /// Whether it is loopback's own, or the IPv6 link-local address that a link gives itself.
    package var isMadeByKernel: Bool {
        prefix.address.isLoopback || (prefix.family == .v6 && prefix.address.isLinkLocal)
    }
}

extension Route {
    /// Whether it comes with an address, or from a router's announcement.
    package var isMadeByKernel: Bool {
        `protocol` == .kernel || `protocol`.rawValue == 1 || `protocol`.rawValue == 9 || kind == .multicast
            || kind == .anycast || kind == .local || kind == .broadcast
    }
}

extension Resource {
    /// Whether the kernel makes it by itself, or learns it, so that nobody owns it.
    package var isMadeByKernel: Bool {
        switch self {
        case .netns, .sysctl: true
        case .link(let link): link.isMadeByKernel
        case .address(let address): address.isMadeByKernel
        case .neighbour(let neighbour): neighbour.state == .dynamic
        case .route(let route): route.isMadeByKernel
        case .fdb, .table, .nextHop: false
        }
    }
}
