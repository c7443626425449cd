import Applier
import Netlink
import NetworkState
import TestSupport
import Testing

@Suite(.namespaces)
struct LinkSettingsTests {
    private static let names = ["forwarding", "promote_secondaries", "proxy_arp", "rp_filter", "arp_notify"]

    private func values(of link: String, _ host: TestHost) throws -> [String] {
        try host.namespaces.openOwn().run { () throws(SystemError) in
            try Self.names.map { name throws(SystemError) in
                String(try readFile("/proc/sys/\(Sysctl.settings(of: link, .v4))/\(name)").prefix { $0 != "\n" })
            }
        }
    }

    private func sysctls(of link: String, _ values: [String]) -> [Sysctl] {
        zip(Self.names, values).map { Sysctl("\(Sysctl.settings(of: link, .v4))/\($0)", $1) }
    }

    @Test(arguments: [["0", "0", "1", "2", "1"], ["1", "1", "0", "0", "0"]])
    func `what a plan sets on a link that it makes, and on one that is there, is in their files`(
        _ wanted: [String]
    ) throws {
        let host = try TestHost()
        let link = Link(name: "x0", kind: .bridge, isUp: true)
        let settings = sysctls(of: "x0", wanted) + sysctls(of: "eth0", wanted)
        let changes =
            [Change(in: .own, from: nil, to: .link(link))]
            + settings.map { Change(in: .own, from: nil, to: .sysctl($0)) }
        var applier = Applier(host.namespaces)
        try applier.execute(Plan(changes))
        #expect(try values(of: "x0", host) == wanted)
        #expect(try values(of: "eth0", host) == wanted)
    }

    @Test func `what is observed of links is what their files say`() throws {
        let host = try TestHost()
        try host.shell(["sysctl -q -w net/ipv4/conf/eth0/rp_filter=2 net/ipv4/conf/eth0/proxy_arp=1"])
        let asked = sysctls(of: "eth0", Self.names.map { _ in "" }) + sysctls(of: "gone", Self.names.map { _ in "" })
        let interest = HostState(asked.map { (.own, .sysctl($0)) })
        let seen = try #require(try host.state(interest).namespaces[.own]?.sysctls.sorted)
        let expected = try sysctls(of: "eth0", values(of: "eth0", host)).sorted { $0.key < $1.key }
        #expect(seen.filter { $0.device == "eth0" } == expected)
        #expect(expected.map(\.value).contains("2"))
        #expect(!seen.contains { $0.device == "gone" })
    }

    @Test func `a new link's setting that the kernel does not take fails the plan, which leaves nothing`() throws {
        let host = try TestHost()
        let before = try host.state()
        let link = Link(name: "x0", kind: .bridge, isUp: true)
        let wrong = Sysctl("net/ipv4/conf/x0/rp_filter", "many")
        var applier = Applier(host.namespaces)
        let plan = Plan([
            Change(in: .own, from: nil, to: .link(link)),
            Change(in: .own, from: nil, to: .sysctl(Sysctl("net/ipv4/conf/x0/proxy_arp", "1"))),
            Change(in: .own, from: nil, to: .sysctl(wrong)),
        ])
        let error = #expect(throws: ApplyError.self) { try applier.execute(plan) }
        #expect(error?.outcome == .rolledBack)
        #expect(try host.state() == before)
    }
}
