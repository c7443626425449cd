import Compiler
import NetworkState
import Testing

struct NodeAddressTests {
    @Test(arguments: [
        (#"[{ "segment": "lan", "address": "192.0.2.7" }]"#, "192.0.2.7"),
        (#"[{ "segment": "wan" }, { "segment": "lan", "address": "192.0.2.7" }]"#, "198.51.100.1"),
    ])
    func `a host is reached at the address of its first link`(
        _ links: String, _ expected: String
    ) throws {
        let topology = try load(text(links: links))
        #expect(topology.nodeAddress(of: topology.hosts[0])?.description == expected)
    }

    @Test func `a host without links is reached nowhere`() throws {
        let topology = try load(text(links: "[]"))
        #expect(topology.nodeAddress(of: topology.hosts[0]) == nil)
    }

    private func text(links: String) -> SourceText {
        SourceText(
            name: "t.json",
            text: """
                { "version": 1,
                  "segments": [{ "name": "lan", "subnet": "192.0.2.0/24" },
                               { "name": "wan", "subnet": "198.51.100.0/24" }],
                  "hosts": [{ "name": "A", "links": \(links), "subnet": "10.0.0.0/24" }] }
                """)
    }
}
