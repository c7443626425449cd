import Applier
import NetworkState
import TestSupport
import Testing

@Suite(.namespaces)
struct ObserverTests {
    /// What cannot be told cannot be made again.
    @Test(arguments: [
        ("10.5.0.0/16 dev eth0", false), ("10.5.0.0/16 dev eth0 mtu 1300", false),
        ("10.5.0.0/16 dev eth0 initcwnd 20", true),
        ("10.5.0.0/16 nexthop via 192.168.100.3 dev eth0 nexthop via 192.168.100.4 dev eth0", false),
        ("10.5.0.0/16 nexthop via 192.168.100.3 dev eth0 nexthop via 192.168.100.4 dev eth0 weight 3", true),
        ("fd05::/64 dev eth0", false), ("fd05::/64 dev eth0 pref high", true),
    ])
    func `a route of which there is more to tell says so`(_ route: String, _ isToldInPart: Bool) throws {
        let host = try TestHost()
        try host.ip("route add \(route)")
        let destination = try #require(route.split(separator: " ").first.flatMap { IPPrefix(parsing: String($0)) })
        let routes = try #require(try host.state().namespaces[.own]?.routes.sorted)
        #expect(routes.filter { $0.destination == destination }.map(\.isToldInPart) == [isToldInPart])
    }

    @Test func `what ip makes is what we see`() throws {
        let host = try TestHost()
        let container = host.container("C1")
        try run("ip netns add \(container.name ?? "")")
        try host.ip(
            "link add name br0 address 02:00:00:00:00:07 mtu 1400 type bridge",
            "link set dev br0 alias 'mine: 1' addrgenmode none", "link set dev br0 up",
            "link add name v0 address ee:ee:ee:ee:ee:ee mtu 1400 type veth peer name eth0 netns \(container.name ?? "")",
            "link set dev v0 addrgenmode none master br0", "link set dev v0 up",
            "link add name p0 type veth peer name p1", "link set dev p0 addrgenmode none",
            "address add 10.0.0.1/24 dev br0", "address add 10.0.0.2/32 dev br0 scope link",
            "address add fd00::1/64 dev br0 nodad",
            "neighbour add 10.0.0.9 dev br0 lladdr 02:00:00:00:00:09 nud permanent",
            "route add 10.5.0.0/16 via 10.0.0.7 dev br0 proto bird onlink metric 7 mtu 1300",
            "route add blackhole 10.6.0.0/16 proto 119", "route add unreachable fd06::/64",
            "route add 10.7.0.0/16 dev br0 scope link src 10.0.0.1 table 1000",
            "route add 10.8.0.0/16 nexthop via 10.0.0.3 dev br0 nexthop via 10.0.0.4 dev br0",
            "route add fd07::/64 via fd00::7 dev br0 metric 9", "route add 10.9.0.0/16 via inet6 fd00::9 dev br0"
        )
        var state = try #require(try host.state().namespaces[.own])
        #expect(
            state.links["br0"]
                == Link(
                    name: "br0", kind: .bridge, mtu: 1400, address: MACAddress(bits: 0x0200_0000_0007),
                    membership: Link.Membership.none,
                    alias: "mine: 1", addrGenMode: Link.AddrGenMode.none, isUp: true))
        #expect(
            state.links["v0"]
                == Link(
                    name: "v0", kind: .veth(peer: .init(netns: container, name: "eth0")), mtu: 1400,
                    address: MACAddress(bits: 0xeeee_eeee_eeee), membership: .port(of: "br0"),
                    addrGenMode: Link.AddrGenMode.none, isUp: true))
        #expect(state.links["p0"]?.kind == .veth(peer: .init(netns: .own, name: "p1")))
        #expect(state.links["eth0"]?.kind == .veth(peer: nil))
        #expect(state.links[.loopback]?.kind == .loopback)
        expect(
            state.addresses.sorted,
            [
                Address(IPPrefix("10.0.0.1/24"), device: "br0"),
                Address(IPPrefix("10.0.0.2/32"), device: "br0", scope: .link),
                Address(IPPrefix("fd00::1/64"), device: "br0", isNoDAD: true),
            ])
        expect(
            state.neighbours.sorted,
            [
                Neighbour(IPAddress("10.0.0.9"), device: "br0", linkLayerAddress: MACAddress(bits: 0x0200_0000_0009))
            ])
        var multipath = Route(
            IPPrefix("10.8.0.0/16"), via: IPAddress("10.0.0.3"), device: "br0", protocol: .boot)
        multipath.otherNextHops = [.init(gateway: IPAddress("10.0.0.4"), device: "br0")]
        expect(
            state.routes.sorted,
            [
                Route(
                    IPPrefix("10.5.0.0/16"), via: IPAddress("10.0.0.7"), device: "br0", isOnLink: true, protocol: .bird,
                    metric: 7, mtu: 1300),
                Route(IPPrefix("10.6.0.0/16"), kind: .blackhole, protocol: .weft),
                Route(IPPrefix("fd06::/64"), kind: .unreachable, protocol: .boot),
                Route(
                    IPPrefix("10.7.0.0/16"), device: "br0", scope: .link, protocol: .boot,
                    preferredSource: IPAddress("10.0.0.1"), table: 1000),
                multipath,
                Route(IPPrefix("fd07::/64"), via: IPAddress("fd00::7"), device: "br0", protocol: .boot, metric: 9),
                Route(IPPrefix("10.9.0.0/16"), via: IPAddress("fd00::9"), device: "br0", protocol: .boot),
            ])
        state.routes = Table(state.routes.sorted.filter { $0.table == 255 })
        #expect(state.routes.isEmpty, "the kernel's own table is none of ours")
    }

    @Test func `namespaces and settings that do not exist are left out`() throws {
        let host = try TestHost()
        let proxy = Sysctl("net/ipv4/conf/eth0/proxy_arp", "1")
        let windows = Sysctl("net/ipv4/tcp_rmem", "4096 8192 16384")
        var interest = HostState([
            (.own, .sysctl(proxy)), (.own, .sysctl(windows)),
            (.own, .sysctl(Sysctl("net/ipv4/conf/none/proxy_arp", ""))),
            (.own, .sysctl(Sysctl("net/ipv6/conf/eth0/stable_secret", ""))),
        ])
        interest.namespaces[host.container("none")] = NamespaceState()
        try host.shell(
            [Sysctl("net/ipv4/conf/default/proxy_arp", "0"), proxy, windows].map {
                "sysctl -q -w \($0.key)='\($0.value)'"
            })
        var applier = Applier(host.namespaces)
        let state = try applier.observe(interest)
        #expect(Array(state.namespaces.keys) == [.own])
        // What the link had when it was made comes along.
        let origin = Sysctl("net/ipv4/conf/default/proxy_arp", "0")
        #expect(state.namespaces[.own]?.sysctls.sorted == [origin, proxy, windows])
    }

    @Test func `a name that by now stands for another namespace is looked up again`() throws {
        let host = try TestHost()
        let container = host.container("A1")
        var applier = Applier(host.namespaces)
        let interest = HostState([(container, .netns)])
        try run("ip netns add \(container.name ?? "") && ip -n \(container.name ?? "") link add name old0 type bridge")
        #expect(try applier.observe(interest).namespaces[container]?.links["old0"] != nil)
        try run("ip netns delete \(container.name ?? "")")
        #expect(try applier.observe(interest).namespaces.isEmpty)
        try run("ip netns add \(container.name ?? "")")
        #expect(try applier.observe(interest).namespaces[container]?.links["old0"] == nil)
        #expect(try applier.observe(interest).namespaces[container]?.links[.loopback] != nil)
    }

    /// Every one of `expected` is among `found`, as it is.
    private func expect<Element: Entry>(
        _ found: [Element], _ expected: [Element], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for element in expected {
            #expect(
                found.first { $0.identity == element.identity } == element, sourceLocation: sourceLocation)
        }
    }
}
