import Applier
import Netlink
import NetworkState
import TestSupport
import Testing

@Suite(.namespaces)
struct ApplyTests {
    @Test(arguments: [calicoHost, dualStackHost])
    func `a plan's result is the same as that of the commands it prints`(
        _ declared: @Sendable (TestHost) -> HostState
    ) throws {
        let host = try TestHost()
        let desired = declared(host)
        let changes = desired.additions()
        let empty = try host.state(desired)

        var applier = Applier(host.namespaces)
        try applier.execute(Plan(changes))
        let applied = try host.state(desired)
        for change in changes {
            let found = try #require(applied[change.netns, change.identity])
            #expect(change.after?.isSatisfied(by: found) == true, "\(change.identity)")
        }
        try applier.execute(Plan(changes.reversed().map(\.inverse)))
        // A setting of the host's own stays when it is no longer declared.
        try host.shell(["sysctl -q -w net/ipv4/ip_forward=0 net/ipv6/conf/all/forwarding=0"])
        #expect(try host.state(desired) == empty)

        try host.shell(changes.flatMap(\.commands))
        #expect(try host.state(desired) == applied)
    }

    @Test func `a plan without changes sends nothing`() throws {
        let host = try TestHost()
        var applier = Applier(host.namespaces)
        try applier.execute(Plan([]))
        #expect(applier.modifyingMessageCount == 0)
    }

    @Test func `conflicts stop a plan before its first change`() throws {
        let host = try TestHost()
        var applier = Applier(host.namespaces)
        let route = Resource.route(Route(IPPrefix("10.0.0.0/8"), kind: .blackhole))
        let conflict = Plan.Conflict(in: .own, held: route, reason: "it is BIRD's")
        let plan = Plan([Change(in: .own, from: nil, to: route)], conflicts: [conflict])
        let error = #expect(throws: ApplyError.self) { try applier.execute(plan) }
        #expect(error == .conflicts([conflict]))
        #expect(error?.outcome == .unchanged)
        #expect(applier.modifyingMessageCount == 0)
    }

    @Test(arguments: [1400, 1500, 1600])
    func `a bridge takes its ports, and keeps its own MTU`(_ mtu: UInt32) throws {
        let host = try TestHost()
        let container = host.container("B1")
        let bridge = Link(name: "br0", kind: .bridge, mtu: mtu, isUp: true)
        let port = Link(
            name: "veth1", kind: .veth(peer: .init(netns: container, name: "eth0")), mtu: 1450,
            membership: .port(of: "br0"),
            isUp: true)
        let desired = HostState([
            (.own, .link(bridge)),
            (.own, .link(port)),
            (container, .netns),
            (container, .link(Link(name: "eth0", kind: .veth(peer: .init(netns: .own, name: "veth1")), isUp: true))),
        ])
        var applier = Applier(host.namespaces)
        try applier.execute(Plan(desired.additions()))
        let links = try #require(try host.state().namespaces[.own]?.links)
        let observed = try #require(links["veth1"])
        #expect(try bridge.isSatisfied(by: #require(links["br0"])))
        #expect(port.isSatisfied(by: observed))
        #expect(observed.peer == Link.Peer(netns: container, name: "eth0"))
    }

    @Test func `a pair has one queue each way at either end, which is all that the kernel would use`() throws {
        let host = try TestHost()
        let container = host.container("A1")
        let pair = Link(name: "veth1", kind: .veth(peer: .init(netns: container, name: "inner")), isUp: true)
        var applier = Applier(host.namespaces)
        try applier.execute(
            Plan([Change(in: container, from: nil, to: .netns), Change(in: .own, from: nil, to: .link(pair))]))
        for (place, link) in [(host.name, "veth1"), (container.name ?? "", "inner")] {
            try run("ip -n \(place) -d link show dev \(link) | grep -w 'numtxqueues 1 numrxqueues 1'")
        }
    }

    @Test func `a link of another kind is replaced`() throws {
        let host = try TestHost()
        try host.ip("link add name x0 type bridge", "link set dev x0 up")
        let before = try #require(try host.state().namespaces[.own]?.links["x0"])
        let after = Link(name: "x0", kind: .veth(peer: .init(netns: .own, name: "x1")), isUp: true)
        var applier = Applier(host.namespaces)
        try applier.execute(
            Plan([
                Change(in: .own, from: .link(before), to: .link(after)),
                Change(
                    in: .own, from: nil,
                    to: .link(Link(name: "x1", kind: .veth(peer: .init(netns: .own, name: "x0")), isUp: true))),
            ]))
        #expect(try after.isSatisfied(by: #require(try host.state().namespaces[.own]?.links["x0"])))
    }

    @Test func `removing a namespace frees the other ends of its pairs at once`() throws {
        let host = try TestHost()
        var applier = Applier(host.namespaces)
        let container = host.container("A1")
        let pair = Link(name: "veth1", kind: .veth(peer: .init(netns: container, name: "eth0")))
        for _ in 0..<20 {
            try applier.execute(
                Plan([Change(in: container, from: nil, to: .netns), Change(in: .own, from: nil, to: .link(pair))]))
            try applier.execute(Plan([Change(in: container, from: .netns, to: nil)]))
            #expect(try host.state().namespaces[.own]?.links["veth1"] == nil)
        }
    }

    @Test func `a route of somebody else's with the same destination stays when ours goes`() throws {
        let host = try TestHost()
        try host.ip("route add 10.1.0.0/16 via 192.168.100.9 proto static", "route add blackhole 10.2.0.0/16")
        let state = try host.state()
        let ours = Route(IPPrefix("10.1.0.0/16"), via: IPAddress("192.168.100.8"), device: "eth0", metric: 50)
        var applier = Applier(host.namespaces)
        try applier.execute(Plan([Change(in: .own, from: nil, to: .route(ours))]))
        try applier.execute(Plan([Change(in: .own, from: .route(ours), to: nil)]))
        #expect(try host.state() == state)
        // A removal that does not fit what is there removes nothing.
        let similar = Route(IPPrefix("10.1.0.0/16"), via: IPAddress("192.168.100.8"), device: "eth0")
        #expect(throws: ApplyError.self) {
            try applier.execute(Plan([Change(in: .own, from: .route(similar), to: nil)]))
        }
        #expect(try host.state() == state)
    }

    @Test func `five thousand routes arrive, with all that the kernel has to say about them`() throws {
        let host = try TestHost()
        let routes = (0..<5000).map { number in
            Route(
                IPPrefix("10.\(number / 250).\(number % 250).0/24"), via: IPAddress("192.168.100.\(number % 50 + 2)"),
                device: "eth0", isOnLink: true)
        }
        let changes = routes.map { Change(in: .own, from: nil, to: .route($0)) }
        var applier = Applier(host.namespaces)
        try applier.execute(Plan(changes))
        let observed = try #require(try host.state().namespaces[.own]?.routes)
        #expect(routes.allSatisfy { observed[$0.identity] == $0 })
        try applier.execute(Plan(changes.map(\.inverse)))
        #expect(try host.state().namespaces[.own]?.routes.count == observed.count - routes.count)
    }
}
