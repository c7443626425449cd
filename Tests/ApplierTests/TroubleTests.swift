import Applier
import Foundation
import Glibc
import Netlink
import NetworkState
import TestSupport
import Testing

/// What another process may do between our look at a host and our change of it, done at the worst moment.
@Suite(.namespaces)
struct TroubleTests {
    private let host: TestHost
    private let file: LedgerFile

    init() throws {
        host = try TestHost()
        file = LedgerFile(directory: "/run/weft-\(UUID().uuidString)", host: "A")
    }

    private static let route = Route(IPPrefix("10.1.0.0/16"), via: IPAddress("192.168.100.9"), device: "eth0")

    /// Converges to `desired`, and has `interfere` happen right after the first `count` looks at the host.
    ///
    /// What is foreign and other than declared is a conflict, as a planner makes it one.
    private func converge(
        to desired: HostState, queueCapacity: Int32 = NetlinkSocket.queueCapacity, times count: Int = 1,
        _ interfere: () throws -> Void
    ) throws {
        var looks = 0
        var applier = Applier(host.namespaces, queueCapacity: queueCapacity)
        _ = try applier.converge(to: desired, ledger: file) { observed, ledger throws(ApplyError) in
            let changes = desired.additions().compactMap { change -> Change? in
                let present = observed[change.netns, change.identity]
                if let present, change.resource.isSatisfied(by: present) { return nil }
                return Change(in: change.netns, from: present, to: change.after)
            }
            let held = changes.compactMap { change -> Plan.Conflict? in
                if case .sysctl = change.resource { return nil }
                return change.before.map { Plan.Conflict(in: change.netns, held: $0, reason: "theirs") }
            }
            looks += 1
            if looks <= count {
                do { try interfere() } catch { Issue.record(error) }
            }
            return Plan(changes, ledger: desired, conflicts: held)
        }
    }

    @Test func `what somebody else makes just as declared is taken as it is`() throws {
        let other = Route(IPPrefix("10.2.0.0/16"), kind: .blackhole)
        try converge(to: HostState([(.own, .route(Self.route)), (.own, .route(other))])) {
            try host.ip("route add 10.1.0.0/16 via 192.168.100.9 dev eth0 proto 119")
        }
        let routes = try #require(try host.state().namespaces[.own]?.routes)
        #expect(routes[Self.route.identity] == Self.route)
        #expect(routes.sorted.contains { $0.kind == .blackhole })
    }

    @Test(arguments: [
        "ip route add 10.1.0.0/16 via 192.168.100.77 dev eth0 proto static",
        "ip link add name veth1 type bridge; ip link set dev veth1 alias theirs",
        "ip address add 10.5.0.1/32 dev eth0 scope link",
    ])
    func `what somebody else makes otherwise than declared is a conflict, and stays as it is`(_ command: String) throws
    {
        let pair = Link(name: "veth1", kind: .veth(peer: .init(netns: .own, name: "veth2")), alias: "weft:test/A")
        let desired = HostState([
            (.own, .route(Route(IPPrefix("10.2.0.0/16"), kind: .blackhole))), (.own, .route(Self.route)),
            (.own, .link(pair)), (.own, .address(Address(IPPrefix("10.5.0.1/32"), device: "eth0"))),
        ])
        var before: HostState?
        let error = #expect(throws: ApplyError.self) {
            try converge(to: desired) {
                try host.shell([command])
                before = try host.state()
            }
        }
        guard case .conflicts(let conflicts) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(conflicts.count == 1)
        #expect(error?.outcome == .unchanged)
        #expect(try host.state() == before)
        #expect(try file.read() == nil)
    }

    @Test func `what is always there again when it is to be made is named, with the kernel's own words`() throws {
        let before = try host.state()
        var round = 0
        let error = #expect(throws: ApplyError.self) {
            var applier = Applier(host.namespaces)
            _ = try applier.converge(to: HostState(), ledger: file) { _, _ throws(ApplyError) in
                round += 1
                let route = Route(IPPrefix("10.\(round).0.0/16"), via: IPAddress("192.168.100.9"), device: "eth0")
                do { try host.ip("route add 10.\(round).0.0/16 via 192.168.100.77 dev eth0") } catch {
                    Issue.record(error)
                }
                return Plan([Change(in: .own, from: nil, to: .route(route))])
            }
        }
        #expect(round == 3)
        #expect(error?.description.contains("10.3.0.0/16 via 192.168.100.9 dev eth0 proto 119: File exists") == true)
        for round in 1...3 { try host.ip("route delete 10.\(round).0.0/16") }
        #expect(try host.state() == before)
    }

    @Test(arguments: ["ip link delete eth0", "ip link set dev eth0 name other"])
    func `a link that goes away is named, and what was made before is undone`(_ command: String) throws {
        let desired = HostState([
            (.own, .link(Link(name: "br0", kind: .bridge))),
            (.own, .sysctl(Sysctl("net/ipv4/conf/eth0/proxy_arp", "1"))),
            (.own, .address(Address(IPPrefix("10.5.0.1/24"), device: "eth0"))),
            (.own, .route(Self.route)),
        ])
        var before: HostState?
        let error = #expect(throws: ApplyError.self) {
            try converge(to: desired) {
                try host.shell([command])
                before = try host.state()
            }
        }
        #expect(error?.description.contains("the host has no link eth0") == true, "\(String(describing: error))")
        #expect(error?.outcome == .rolledBack)
        #expect(try host.state() == before)
        #expect(try file.read() == nil)
    }

    @Test(arguments: [1, 4096])
    func `however few answers the kernel may queue, a host converges and is rolled back`(_ capacity: Int32) throws {
        let desired = HostState(
            (0..<100).map { index in
                (.own, .route(Route(IPPrefix("10.\(index).0.0/16"), via: IPAddress("192.168.100.9"), device: "eth0")))
            })
        let before = try host.state()
        // Every request is refused, so that there are as many answers as requests.
        #expect(throws: ApplyError.self) {
            try converge(to: desired, queueCapacity: capacity) {
                try host.shell((0..<100).map { "ip route add 10.\($0).0.0/16 via 192.168.100.77 dev eth0" })
            }
        }
        try host.shell((0..<100).map { "ip route delete 10.\($0).0.0/16" })
        #expect(try host.state() == before)
        try converge(to: desired, queueCapacity: capacity) {}
        #expect(try host.state().namespaces[.own]?.routes.count ?? 0 >= 100)
    }
}
