import Applier
import Glibc
import Netlink
import NetworkState
import TestSupport
import Testing

@Suite(.namespaces)
struct RollbackTests {
    /// A route through a gateway that nothing leads to: the kernel refuses it.
    private static let impossible = Route(IPPrefix("10.9.0.0/16"), via: IPAddress("203.0.113.1"), device: "eth0")

    @Test(arguments: [calicoHost, dualStackHost])
    func `whichever change fails, the host is as it was before`(
        _ declared: @Sendable (TestHost) -> HostState
    ) throws {
        let host = try TestHost()
        let desired = declared(host)
        try host.ip("route add 10.1.0.0/16 via 192.168.100.9 proto static")
        let before = try host.state(desired).settled
        let changes = desired.additions()
        for place in 0...changes.count {
            var failing = changes
            failing.insert(Change(in: .own, from: nil, to: .route(Self.impossible)), at: place)
            var applier = Applier(host.namespaces)
            let error = #expect(throws: ApplyError.self) { try applier.execute(Plan(failing)) }
            #expect(
                error?.outcome == (place == 0 ? .unchanged : .rolledBack), "at \(place): \(String(describing: error))")
            #expect(try host.state(desired).settled == before, "at \(place)")
        }
    }

    @Test(arguments: [calicoHost, dualStackHost])
    func `whichever change fails while everything is being removed, it is all there again`(
        _ declared: @Sendable (TestHost) -> HostState
    ) throws {
        let host = try TestHost()
        let desired = declared(host)
        var applier = Applier(host.namespaces)
        try applier.execute(Plan(desired.additions()))
        let before = try host.state(desired).settled
        let changes = desired.additions().reversed().filter { $0.identity != .netns }.map { change in
            Change(in: change.netns, from: before[change.netns, change.identity], to: nil)
        }
        for place in 0...changes.count {
            var failing = changes
            failing.insert(Change(in: .own, from: nil, to: .route(Self.impossible)), at: place)
            let error = #expect(throws: ApplyError.self) { try applier.execute(Plan(failing)) }
            #expect(try host.state(desired).settled == before, "at \(place): \(String(describing: error))")
        }
    }

    /// Three gateways' objects and the routes by them, as a plan has them.
    private static let byObjects: [Change] = {
        let gateways = (1...3).map { IPAddress(v4: 0xc0a8_6400 + UInt32($0)) }
        let objects = gateways.enumerated().map { NextHopObject(90 + UInt32($0), via: $1, device: "eth0") }
        let routes = objects.map { object -> Resource in
            var route = Route(
                IPPrefix(IPAddress(v4: object.id << 24), length: 8) ?? .everything(.v4), via: object.gateway,
                device: "eth0")
            route.form = .object(object.id)
            return .route(route)
        }
        return (objects.map(Resource.nextHop) + routes).map { Change(in: .own, from: nil, to: $0) }
    }()

    @Test func `whichever change fails, next-hop objects are as they were, or their routes go without`() throws {
        let host = try TestHost()
        var applier = Applier(host.namespaces)
        let before = try host.state()
        let failure = Change(in: .own, from: nil, to: .route(Self.impossible))
        for place in 0...Self.byObjects.count {
            var failing = Self.byObjects
            failing.insert(failure, at: place)
            #expect(throws: ApplyError.self) { try applier.execute(Plan(failing)) }
            #expect(try host.state() == before, "at \(place)")
        }
        try applier.execute(Plan(Self.byObjects))
        let made = try host.state()
        #expect(made.namespaces[.own]?.nextHops.ours.count == 3)
        for place in 0...Self.byObjects.count {
            var failing = Array(Self.byObjects.reversed().map(\.inverse))
            failing.insert(failure, at: place)
            #expect(throws: ApplyError.self) { try applier.execute(Plan(failing)) }
            let routes = try host.state().namespaces[.own]?.routes
            #expect(routes == made.namespaces[.own]?.routes, "at \(place)")
        }
    }

    @Test func `a refusal carries the command, the kernel's own words and what became of the rest`() throws {
        let host = try TestHost()
        var applier = Applier(host.namespaces)
        let link = Link(name: "br0", kind: .bridge)
        let error = #expect(throws: ApplyError.self) {
            try applier.execute(
                Plan([
                    Change(in: .own, from: nil, to: .link(link)),
                    Change(in: .own, from: nil, to: .route(Self.impossible)),
                ]))
        }
        #expect(
            error?.description == """
                ip route add 10.9.0.0/16 via 203.0.113.1 dev eth0 proto 119: Network is unreachable \
                (kernel: Nexthop has invalid gateway)
                  everything done before was undone
                """)
        guard case .failed(let failure, let further, .rolledBack) = error else { return }
        #expect(failure.change.after == .route(Self.impossible))
        #expect(
            failure.cause
                == .netlink(.refused(errno: ENETUNREACH, message: "Nexthop has invalid gateway")))
        #expect(further.isEmpty)
    }

    @Test(arguments: [
        Resource.address(Address(IPPrefix("10.0.0.1/24"), device: "eth7")),
        .link(Link(name: "eth7", isUp: true)),
        .sysctl(Sysctl("net/ipv4/conf/eth7/proxy_arp", "1")),
        .route(Route(IPPrefix("10.0.0.0/8"), device: "eth7", scope: .link)),
        .link(Link(name: "x0", kind: .veth(peer: .init(netns: .own, name: "x1")), membership: .port(of: "eth7"))),
    ])
    func `a link that is not there is named`(_ resource: Resource) throws {
        let host = try TestHost()
        let before = try host.state()
        var applier = Applier(host.namespaces)
        let error = #expect(throws: ApplyError.self) {
            try applier.execute(Plan([Change(in: .own, from: nil, to: resource)]))
        }
        #expect(error?.description.contains("the host has no link eth7") == true, "\(String(describing: error))")
        #expect(try host.state() == before)
    }

    @Test func `a namespace that is not there is named`() throws {
        let host = try TestHost()
        var applier = Applier(host.namespaces)
        let pair = Link(name: "veth1", kind: .veth(peer: .init(netns: .named("nowhere"), name: "eth0")))
        let error = #expect(throws: ApplyError.self) {
            try applier.execute(Plan([Change(in: .own, from: nil, to: .link(pair))]))
        }
        #expect(error?.description.contains("there is no network namespace nowhere") == true)
        #expect(error?.outcome == .unchanged)
    }

    @Test func `somebody else's link of the same name keeps its settings`() throws {
        let host = try TestHost()
        try host.ip("link add name veth1 type bridge", "link set dev veth1 alias theirs")
        let before = try host.state()
        var applier = Applier(host.namespaces)
        let ours = Link(
            name: "veth1", kind: .veth(peer: .init(netns: .own, name: "veth2")), mtu: 1400, alias: "weft:test/A",
            isUp: true)
        let error = #expect(throws: ApplyError.self) {
            try applier.execute(Plan([Change(in: .own, from: nil, to: .link(ours))]))
        }
        #expect(error?.outcome == .unchanged)
        #expect(try host.state() == before)
    }

    @Test func `what a change takes along comes back too`() throws {
        let host = try TestHost()
        try host.ip(
            "route add 10.1.0.0/16 via 192.168.100.9 proto static",
            "neighbour add 192.168.100.9 dev eth0 lladdr 02:00:00:00:00:09 nud permanent"
        )
        let before = try host.state()
        let address = Address(IPPrefix("192.168.100.100/24"), device: "eth0")
        var applier = Applier(host.namespaces)
        let error = #expect(throws: ApplyError.self) {
            try applier.execute(
                Plan([
                    Change(in: .own, from: .address(address), to: nil),
                    Change(in: .own, from: nil, to: .route(Self.impossible)),
                ]))
        }
        #expect(error?.outcome == .rolledBack, "\(String(describing: error))")
        #expect(try host.state() == before)
        let link = try #require(before.namespaces[.own]?.links["eth0"])
        var down = link
        down.isUp = false
        let second = #expect(throws: ApplyError.self) {
            try applier.execute(
                Plan([
                    Change(in: .own, from: .link(link), to: .link(down)),
                    Change(in: .own, from: nil, to: .route(Self.impossible)),
                ]))
        }
        #expect(second?.outcome == .rolledBack, "\(String(describing: second))")
        #expect(try host.state() == before)
    }

    @Test func `a bridge that was replaced has its ports again`() throws {
        let host = try TestHost()
        try host.ip(
            "link add name br0 mtu 1400 type bridge", "link set dev br0 addrgenmode none alias theirs",
            "link add name p0 type veth peer name p1", "link set dev p0 addrgenmode none master br0",
            "link set dev p1 addrgenmode none", "link set dev p0 up", "link set dev p1 up", "link set dev br0 up",
            "address add 10.0.0.1/24 dev br0", "route add 10.1.0.0/16 via 10.0.0.2")
        let before = try host.state()
        let bridge = try #require(before.namespaces[.own]?.links["br0"])
        let veth = Link(name: "br0", kind: .veth(peer: .init(netns: .own, name: "br1")), isUp: true)
        var applier = Applier(host.namespaces)
        let error = #expect(throws: ApplyError.self) {
            try applier.execute(
                Plan([
                    Change(in: .own, from: .link(bridge), to: .link(veth)),
                    Change(in: .own, from: nil, to: .route(Self.impossible)),
                ]))
        }
        #expect(error?.outcome == .rolledBack, "\(String(describing: error))")
        #expect(try host.state() == before)
    }

    @Test func `what the kernel lets nobody do asks for privileges`() throws {
        let host = try TestHost()
        var applier = Applier(host.namespaces)
        // The file is read-only, and root's capabilities do not count under /proc/sys.
        let setting = Sysctl("net/ipv4/tcp_available_congestion_control", "reno")
        let error = #expect(throws: ApplyError.self) {
            try applier.execute(Plan([Change(in: .own, from: nil, to: .sysctl(setting))]))
        }
        guard case .unprivileged(_, _, .unchanged) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.description.contains("this needs root, or user namespaces") == true)
    }

    @Test func `settings and links that were changed go back to what they were`() throws {
        let host = try TestHost()
        let interest = HostState([(.own, .sysctl(Sysctl("net/ipv4/conf/eth0/proxy_arp", "")))])
        let before = try host.state(interest)
        let link = try #require(before.namespaces[.own]?.links["eth0"])
        var changed = link
        (changed.mtu, changed.alias, changed.address) = (1400, "weft:test/A", MACAddress(bits: 0x0200_0000_0042))
        var applier = Applier(host.namespaces)
        let error = #expect(throws: ApplyError.self) {
            try applier.execute(
                Plan([
                    Change(in: .own, from: .link(link), to: .link(changed)),
                    Change(
                        in: .own, from: .sysctl(Sysctl("net/ipv4/conf/eth0/proxy_arp", "0")),
                        to: .sysctl(Sysctl("net/ipv4/conf/eth0/proxy_arp", "1"))),
                    Change(in: .own, from: nil, to: .route(Self.impossible)),
                ]))
        }
        #expect(error?.outcome == .rolledBack)
        #expect(try host.state(interest) == before)
    }

    @Test func `a change that the kernel takes and does not make is found out`() throws {
        let host = try TestHost()
        let before = try host.state()
        // The kernel derives an IPv6 address's scope from the address, whatever it is told.
        let address = Address(IPPrefix("fd00::1/64"), device: "eth0", scope: .link)
        var applier = Applier(host.namespaces)
        let error = #expect(throws: ApplyError.self) {
            try applier.execute(Plan([Change(in: .own, from: nil, to: .address(address))]))
        }
        guard case .verification(let mismatches, .rolledBack) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(mismatches.map(\.expected) == [.address(address)])
        #expect(mismatches.map(\.found) == [.address(Address(IPPrefix("fd00::1/64"), device: "eth0"))])
        #expect(try host.state() == before)
    }
}
