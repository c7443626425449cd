import Compiler
import NetworkState
import TestSupport
import Testing

/// What authors say of their network, and of whom.
struct ExpectationTests {
    private static func topology(expect: String = "[]", events: String = "[]") throws -> ValidTopology {
        let text = """
            { "version": 1, "network": { "profile": "calico", "pools": ["172.17.0.0/16"] },
              "segments": [{ "name": "lan", "subnet": "192.168.100.0/24" }],
              "servers": [{ "name": "db", "links": [{ "segment": "lan", "address": "192.168.100.80" }],
                "labels": { "tier": "back" } }],
              "hosts": [
                { "name": "A", "links": [{ "segment": "lan" }], "labels": { "app": "web", "tier": "front" },
                  "containers": [{ "name": "web-1" }, { "name": "web-2" },
                    { "name": "web-10", "labels": { "tier": "middle", "new": "yes" } }] },
                { "name": "B", "links": [{ "segment": "lan" }], "containers": 2 }],
              "expect": \(expect), "events": \(events) }
            """
        return try load(SourceText(name: "expectations.json", text: text))
    }

    private static func expectation(_ text: String) throws -> ValidTopology.Expectation {
        try #require(try topology(expect: "[\(text)]").expectations.first)
    }

    @Test(arguments: [
        (#""web-1""#, ["web-1"]), (#""db""#, ["db"]), (#""B""#, ["B1", "B2"]),
        (#"["A", "B1"]"#, ["B1", "web-1", "web-10", "web-2"]),
        (#""web-?""#, ["web-1", "web-2"]), (#""web-*""#, ["web-1", "web-10", "web-2"]),
        (#""*b*1*""#, ["web-1", "web-10"]),
        (#""?*""#, ["B1", "B2", "db", "web-1", "web-10", "web-2"]), (#""B?""#, ["B1", "B2"]),
        (#""app=web""#, ["web-1", "web-10", "web-2"]), (#""tier=back""#, ["db"]), (#""tier=middle""#, ["web-10"]),
        (#""app=web,tier=front""#, ["web-1", "web-2"]), (#"["new=yes", "B?", "db"]"#, ["B1", "B2", "db", "web-10"]),
        (#""*""#, []),
    ])
    func `ends are meant by name, by host, by wild card and by label`(_ written: String, _ meant: [String]) throws {
        let expectation = try Self.expectation(#"{ "from": \#(written), "to": "B1" }"#)
        #expect(expectation.from.sorted() == meant)
        #expect(try Self.expectation(#"{ "from": "B1", "to": \#(written) }"#).to == expectation.from)
    }

    @Test func `an expectation that only says who is one of reach`() throws {
        let plain = try Self.expectation(#"{ "from": "B1", "to": "B2" }"#)
        #expect(plain.isReachable == true)
        #expect(plain.protocols == Set(ProbeProtocol.allCases))
        #expect(try Self.expectation(#"{ "from": "B1", "to": "B2", "mtu": 1400 }"#).isReachable == nil)
        #expect(
            try Self.expectation(#"{ "from": "B1", "to": "B2", "reach": false, "protocols": ["udp"], "mtu": 1400 }"#)
                .isReachable == false)
    }

    @Test func `a port is one of TCP's unless another protocol is written`() throws {
        let plain = try Self.expectation(#"{ "from": "B1", "to": "B2", "port": 8080 }"#)
        #expect(plain.port == 8080)
        #expect(plain.protocols == [.tcp])
        let both = try Self.expectation(#"{ "from": "B1", "to": "B2", "port": 53, "protocols": ["tcp", "udp"] }"#)
        #expect(both.protocols == [.tcp, .udp])
    }

    @Test func `one expectation says several things of its pairs`() throws {
        let expectation = try Self.expectation(
            """
            { "from": "web-1", "to": "B1", "path": ["web-1:eth0", "A:eth0", "B", "B1"], "return": ["B1", "B", "A", "web-1"],
              "encapsulation": "none", "mtu": 1450, "source": ["192.168.100.2", "fd00::2"], "bulk": "1.5MB" }
            """)
        #expect(
            expectation.path == [
                PathElement(node: "web-1", link: LinkName("eth0")), PathElement(node: "A", link: LinkName("eth0")),
                PathElement(node: "B", link: nil), PathElement(node: "B1", link: nil),
            ])
        #expect(expectation.returnPath?.map(\.node) == ["B1", "B", "A", "web-1"])
        #expect(expectation.encapsulation == NetworkModel.Encapsulation.none)
        #expect(expectation.mtu == 1450)
        #expect(expectation.bulk == 1_500_000)
        let addresses = try ["192.168.100.2", "fd00::2"].map { try #require(IPAddress(parsing: $0)) }
        #expect(expectation.source == .addresses(addresses))
        #expect(try Self.expectation(#"{ "from": "B1", "to": "B2", "source": "kept" }"#).source == .kept)
    }

    @Test(arguments: [
        ("calico-vxlan", "A:vxlan.calico"), ("calico-ipip", "A:tunl0"), ("flannel-vxlan", "A:flannel.1"),
        ("flannel-udp", "A:flannel0"),
    ])
    func `a way may lead through a tunnel that weft makes`(_ profile: String, _ element: String) throws {
        let text = """
            { "version": 1, "network": { "profile": "\(profile)", "pools": ["172.17.0.0/16"] },
              "segments": [{ "name": "lan", "subnet": "192.168.100.0/24" }],
              "hosts": [{ "name": "A", "links": [{ "segment": "lan" }], "containers": 1 },
                { "name": "B", "links": [{ "segment": "lan" }], "containers": 1 }],
              "expect": [{ "from": "A1", "to": "B1", "path": ["A1", "\(element)", "B", "B1"] }] }
            """
        #expect(diagnostics(of: SourceText(name: "tunnels.json", text: text)).isEmpty)
    }

    @Test func `a gateway is said of senders alone`() throws {
        let expectation = try Self.expectation(#"{ "from": "B", "gateway": "ee:ee:ee:ee:ee:ee" }"#)
        #expect(expectation.gateway == MACAddress(parsing: "ee:ee:ee:ee:ee:ee"))
        #expect(expectation.isReachable == nil)
    }

    @Test func `events happen as they are written, each with what holds then and how soon`() throws {
        let topology = try Self.topology(
            events: """
                [{ "name": "the wire fails", "down": "B:eth0", "within": "1.5s",
                   "expect": [{ "from": "web-1", "to": "B", "reach": false }] },
                 { "up": "B:eth0", "within": "500ms" },
                 { "leave": "B", "lossless": [{ "from": "web-*", "to": "db" }] }, { "join": "B" },
                 { "impair": "web-1:eth0", "loss": "5%", "rate": "10Mbit", "delay": "20ms" }, { "clear": "web-1:eth0" },
                 { "agents": ["A", "B"] }, { "run": ["ip", "route"], "in": "web-1" }, { "run": "true", "in": "db" }]
                """)
        #expect(
            topology.events.map(\.name) == [
                "the wire fails", "up B:eth0", "leave B", "join B", "impair web-1:eth0", "clear web-1:eth0",
                "agents A B",
                "ip route in web-1", "true in db",
            ])
        #expect(topology.events.map(\.within).prefix(3) == [.milliseconds(1500), .milliseconds(500), .seconds(10)])
        #expect(topology.events[0].expectations?.map(\.isReachable) == [false])
        #expect(topology.events[1].expectations == nil)
        #expect(topology.events[2].lossless.map(\.to) == [["db"]])
        guard case .impair("web-1", _, let impairment) = topology.events[4].action else {
            Issue.record("no impairment: \(topology.events[4].action)")
            return
        }
        #expect(impairment.loss == 0.05)
        #expect(impairment.rate == 10_000_000)
        #expect(impairment.delay == .milliseconds(20))
    }
}
