package import NetworkState
import Testing

/// Values that the tests write as text.
extension IPPrefix {
    init(_ text: String) {
        guard let prefix = IPPrefix(parsing: text) else { preconditionFailure("'\(text)' is no prefix") }
        self = prefix
    }
}

extension IPAddress {
    init(_ text: String) {
        guard let address = IPAddress(parsing: text) else { preconditionFailure("'\(text)' is no address") }
        self = address
    }
}

extension LinkName: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) { self.init(known: text) }
}

extension HostState {
    init(_ resources: [(Netns, Resource)]) {
        self.init()
        for (netns, resource) in resources {
            if resource == .netns { namespaces[netns] = NamespaceState() } else { insert(resource, in: netns) }
        }
    }

    /// What adds all of it to a host that has none of it, namespaces first; `existing` is there already.
    func additions(except existing: [Netns] = [.own]) -> [Change] {
        var resources: [(netns: Netns, resource: Resource)] = []
        for (netns, state) in sortedNamespaces {
            if !existing.contains(netns) { resources.append((netns, .netns)) }
            resources += state.resources.map { (netns, $0) }
        }
        let order = resources.indices.sorted { left, right in
            (makingOrder(of: resources[left]), left) < (makingOrder(of: resources[right]), right)
        }
        return order.map { Change(in: resources[$0].netns, from: nil, to: resources[$0].resource) }
    }
}

/// Bridges before their ports, the ends that make a pair before the others, links before their settings, and gateways'
/// routes before those through them.
private func makingOrder(of member: (netns: Netns, resource: Resource)) -> Int {
    switch member.resource {
    case .netns: 0
    case .link(let link): !link.isMadeByItself(in: member.netns) ? 3 : link.lowerLinks.isEmpty ? 1 : 2
    case .sysctl: 4
    case .address: 5
    case .neighbour: 6
    case .fdb: 7
    case .table: 8
    case .nextHop: 9
    case .route(let route): route.nextHop.gateway == nil ? 9 : 10
    }
}

extension Plan {
    init(_ changes: [Change], ledger entries: HostState = HostState(), conflicts: [Conflict] = []) {
        let ledger = Ledger(entries)
        self.init(topology: "test", host: "A", changes: changes, unchanged: 0, ledger: ledger)
        self.conflicts = conflicts
    }
}

extension Ledger {
    init(_ entries: HostState, former: HostState = HostState()) {
        self.init(topology: "test", host: "A")
        (self.entries, self.former) = (entries, former)
    }
}

/// A host of the lecture's Calico network with two containers: what weft would declare for it.
@Sendable func calicoHost(_ host: TestHost) -> HostState {
    let router = IPAddress("169.254.1.1")
    let mac = MACAddress(bits: 0xeeee_eeee_eeee)
    var resources: [(Netns, Resource)] = [
        (.own, .sysctl(Sysctl("net/ipv4/ip_forward", "1"))),
        (.own, .route(Route(IPPrefix("172.17.8.0/24"), kind: .blackhole))),
        (
            .own,
            .route(
                Route(
                    IPPrefix("172.17.9.0/24"), via: IPAddress("192.168.100.101"), device: "eth0", isOnLink: true,
                    protocol: .bird))
        ),
        (
            .own,
            .neighbour(
                Neighbour(
                    IPAddress("192.168.100.101"), device: "eth0", linkLayerAddress: MACAddress(bits: 0x0200_0000_0002)))
        ),
    ]
    for number: UInt32 in 1...2 {
        let container = host.container("A\(number)")
        let link = LinkName(known: "veth\(number)")
        let address = IPAddress(v4: 0xac11_0801 + number)
        resources += [
            (container, .netns),
            (container, .link(Link(name: .loopback, kind: .loopback, isUp: true))),
            (
                container,
                .link(
                    Link(
                        name: "eth0", kind: .veth(peer: .init(netns: .own, name: link)), mtu: 1450,
                        address: MACAddress(bits: 0x0200_0000_0100 + UInt64(number)), alias: "weft:test/A",
                        addrGenMode: Link.AddrGenMode.none, isUp: true))
            ),
            (container, .address(Address(IPPrefix(host: address), device: "eth0"))),
            (container, .route(Route(IPPrefix(host: router), device: "eth0", scope: .link))),
            (container, .route(Route(.everything(.v4), via: router, device: "eth0"))),
            (
                .own,
                .link(
                    Link(
                        name: link, kind: .veth(peer: .init(netns: container, name: "eth0")), mtu: 1450, address: mac,
                        alias: "weft:test/A", addrGenMode: Link.AddrGenMode.none, isUp: true))
            ),
            (.own, .sysctl(Sysctl("net/ipv4/conf/\(link)/proxy_arp", "1"))),
            (.own, .sysctl(Sysctl("net/ipv4/neigh/\(link)/proxy_delay", "0"))),
            (.own, .route(Route(IPPrefix(host: address), device: link, scope: .link))),
        ]
    }
    return HostState(resources)
}

/// The same in IPv6, with one container, a table of its own and a larger metric.
@Sendable func dualStackHost(_ host: TestHost) -> HostState {
    let container = host.container("A1")
    let router = IPAddress("fe80::ecee:eeff:feee:eeee")
    let block = IPPrefix("fd00:8::/64")
    return HostState([
        (container, .netns),
        (
            .own,
            .link(
                Link(
                    name: "veth1", kind: .veth(peer: .init(netns: container, name: "eth0")), mtu: 1400,
                    address: MACAddress(bits: 0xeeee_eeee_eeee), addrGenMode: Link.AddrGenMode.none, isUp: true))
        ),
        (
            container,
            .link(
                Link(
                    name: "eth0", kind: .veth(peer: .init(netns: .own, name: "veth1")), mtu: 1400,
                    address: MACAddress(bits: 0x0200_0000_0101), addrGenMode: Link.AddrGenMode.none, isUp: true))
        ),
        (container, .address(Address(IPPrefix("fd00:8::2/128"), device: "eth0", isNoDAD: true))),
        (container, .route(Route(IPPrefix(host: router), device: "eth0"))),
        (container, .route(Route(.everything(.v6), via: router, device: "eth0", metric: 77))),
        (.own, .address(Address(IPPrefix("fd00::1/64"), device: "eth0", isNoDAD: true))),
        (.own, .address(Address(IPPrefix(host: router), device: "veth1", scope: .link, isNoDAD: true))),
        (container, .address(Address(IPPrefix("fe80::2/64"), device: "eth0", scope: .link, isNoDAD: true))),
        (.own, .sysctl(Sysctl("net/ipv6/conf/all/forwarding", "1"))),
        (.own, .sysctl(Sysctl("net/ipv6/conf/veth1/proxy_ndp", "1"))),
        (
            .own,
            .neighbour(
                Neighbour(
                    IPAddress("fd00::2"), device: "eth0", linkLayerAddress: MACAddress(bits: 0x0200_0000_0002)))
        ),
        (.own, .route(Route(block, kind: .blackhole))),
        (.own, .route(Route(IPPrefix("fd00:8::2/128"), device: "veth1", table: 1000))),
        (
            .own,
            .route(
                Route(
                    IPPrefix("fd00:9::/64"), via: IPAddress("fd00::2"), device: "eth0", isOnLink: true,
                    protocol: .bird, mtu: 1350))
        ),
    ])
}
