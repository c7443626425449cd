import Compiler
import NetworkState
import Testing

struct UDPOverlayTests {
    private func topology(_ hosts: String, pools: String = #"["10.64.0.0/16"]"#) throws -> ValidTopology {
        try load(
            SourceText(
                name: "t.json",
                text: """
                    { "version": 1, "network": { "profile": "flannel-udp", "pools": \(pools) },
                      "segments": [{ "name": "lan", "subnet": ["192.0.2.0/24"] }], "hosts": [\(hosts)] }
                    """))
    }

    @Test func `a forwarder is told every peer with what is behind it, and what is behind its own host`() throws {
        let topology = try topology(
            """
            { "name": "A", "links": [{ "segment": "lan", "address": "192.0.2.7" }], "subnet": "10.64.1.0/24" },
            { "name": "B", "links": [{ "segment": "lan", "address": "192.0.2.8" }],
              "subnet": ["10.64.2.0/24", "10.64.9.0/25"] },
            { "name": "C", "links": [{ "segment": "lan", "address": "192.0.2.9" }] }
            """)
        let overlay = try #require(topology.udpOverlay(forHost: 0))
        #expect(overlay.device.text == "flannel0")
        #expect(overlay.port == 8285)
        #expect(overlay.node.description == "192.0.2.7")
        #expect(overlay.addresses.map(\.description) == ["10.64.1.0"])
        #expect(overlay.local.map(\.description) == ["10.64.1.0/24"])
        // C has no containers, so nothing is sent there and nothing is taken from there.
        #expect(overlay.peers.map(\.node.description) == ["192.0.2.8"])
        #expect(overlay.peers.map { $0.prefixes.map(\.description) } == [["10.64.2.0/24", "10.64.9.0/25"]])
    }

    @Test func `what one host calls itself is what the others know it by`() throws {
        let topology = try topology(
            #"{ "name": "h{1..9}", "links": [{ "segment": "lan" }], "containers": 2 }"#)
        let overlays = try topology.hosts.indices.map { try #require(topology.udpOverlay(forHost: $0)) }
        for (own, overlay) in overlays.enumerated() {
            let others = overlays.indices.filter { $0 != own }
            #expect(
                overlay.peers
                    == others.map {
                        UDPOverlay.Peer(node: overlays[$0].node, prefixes: overlays[$0].local)
                    })
        }
    }
}
