import Compiler
import NetworkState
import TestSupport
import Testing

/// What a topology makes of packets, without sending any.
struct OutlookTests {
    private static func topology(_ network: String, serverRoute: Bool = false) throws -> ValidTopology {
        let routes = serverRoute ? #", "routes": [{ "to": "172.17.8.0/24", "via": "192.168.100.100" }]"# : ""
        let text = """
            { "version": 1, "network": \(network), "segments": [{ "name": "lan", "subnet": "192.168.100.0/24" }],
              "servers": [{ "name": "web", "links": [{ "segment": "lan", "address": "192.168.100.80" }]\(routes) }],
              "hosts": [
                { "name": "A", "links": [{ "segment": "lan", "address": "192.168.100.100" }], "containers": 2,
                  "subnet": "172.17.8.0/24" },
                { "name": "B", "links": [{ "segment": "lan", "address": "192.168.100.101" }], "containers": 1,
                  "subnet": "172.17.9.0/24" }] }
            """
        return try load(SourceText(name: "outlook.json", text: text))
    }

    private static let a1 = IPAddress(v4: 0xac11_0802)
    private static let b1 = IPAddress(v4: 0xac11_0902)
    private static let web = IPAddress(v4: 0xc0a8_6450)
    private static let hostA = IPAddress(v4: 0xc0a8_6464)
    private static let hostB = IPAddress(v4: 0xc0a8_6465)

    @Test(arguments: [
        (#"{ "profile": "calico" }"#, Outlook.Prospect.reachable),
        (#"{ "profile": "flannel-vxlan", "egress": "masquerade" }"#, .reachable),
        (#"{ "profile": "docker-nat" }"#, .unreachable),
    ])
    func `containers of two hosts reach each other unless they are isolated`(
        _ network: String, _ expected: Outlook.Prospect
    ) throws {
        let outlook = Outlook(try Self.topology(network))
        #expect(outlook.prospect(from: Self.a1, on: 0, toContainer: Self.b1, on: 1) == expected)
        #expect(outlook.prospect(from: Self.a1, on: 0, toContainer: Self.a1, on: 0) == .reachable)
    }

    @Test(arguments: [
        ("masquerade", false, Outlook.Prospect.masqueraded(as: [hostA]), Outlook.Prospect.unreachable),
        ("masquerade", true, .masqueraded(as: [hostA]), .reachable),
        ("none", false, .unreachable, .unreachable), ("none", true, .reachable, .reachable),
    ])
    func `a server is reached by masquerade or by a route back`(
        _ egress: String, _ hasRoute: Bool, _ there: Outlook.Prospect, _ back: Outlook.Prospect
    ) throws {
        for profile in ["calico", "docker-nat"] {
            let network = #"{ "profile": "\#(profile)", "egress": "\#(egress)" }"#
            let outlook = Outlook(try Self.topology(network, serverRoute: hasRoute))
            #expect(outlook.prospect(from: Self.a1, on: 0, toServer: 0, at: Self.web) == there)
            #expect(outlook.prospect(fromServer: 0, toContainer: Self.a1, on: 0) == back)
        }
    }

    @Test func `a published port is reached from everywhere, and shows who came through a translator`() throws {
        let outlook = Outlook(try Self.topology(#"{ "profile": "docker-nat" }"#))
        let senders: [(Outlook.Sender, Outlook.Prospect)] = [
            (.container(Self.a1, host: 0), .masqueraded(as: [IPAddress(v4: 0xac11_0801)])),
            (.container(Self.b1, host: 1), .masqueraded(as: [Self.hostB])),
            (.host(0), .reachable), (.host(1), .reachable), (.server(0), .reachable),
        ]
        for (sender, expected) in senders {
            #expect(outlook.prospect(from: sender, toPortOf: 0, at: Self.hostA) == expected, "\(sender)")
        }
    }

    @Test func `without masquerade nobody can answer another host's container`() throws {
        let outlook = Outlook(try Self.topology(#"{ "profile": "docker-nat", "egress": "none" }"#))
        let sender = Outlook.Sender.container(Self.b1, host: 1)
        #expect(outlook.prospect(from: sender, toPortOf: 0, at: Self.hostA) == .unreachable)
    }
}
