import Compiler
import Foundation
import Netlink
import TestSupport
import Testing

@testable import NetnsHarness

/// Whose address the other side sees: that it is told when it is the wrong one.
@Suite(.namespaces)
struct TranslationTests {
    /// Tests a lab of `text` after `script` has done something to it.
    private func report(_ text: String, sabotage host: String, _ script: String) throws -> ReachabilityReport {
        let source = SourceText(name: "nat.json", text: text)
        let folder = "/run/weft-\(UUID().uuidString)"
        let lab = Lab(
            try load(source), source: source, directory: NetnsDirectory("\(folder)/netns"),
            stateDirectory: "\(folder)/state")
        defer { try? lab.down() }
        try lab.up()
        let command = ["nsenter", "--net=\(folder)/netns/\(host)", "sh", "-ec", script]
        let finished = try TestSupport.run(command)
        try #require(finished.status == 0, "\(finished.errors)")
        return try TopologyTest(lab).run()
    }

    private static let isolated = """
        { "version": 1, "name": "nat", "network": { "profile": "docker-nat" },
          "segments": [{ "name": "lan", "subnet": "192.168.100.0/24" }],
          "servers": [{ "name": "web", "links": [{ "segment": "lan", "address": "192.168.100.80" }],
                        "routes": [{ "to": "172.17.0.0/24", "via": "192.168.100.100" }] }],
          "hosts": [{ "name": "A", "links": [{ "segment": "lan", "address": "192.168.100.100" }],
                      "subnet": "172.17.0.0/24", "containers": 1 }] }
        """

    @Test func `a server that sees a container's own address instead of its host's is told of`() throws {
        let whole = try report(Self.isolated, sabotage: "A", "true")
        #expect(whole.failed == 0, "\(whole.text())")
        #expect(whole.text().contains("2 of 2 sources translated as expected"), "\(whole.text())")
        let broken = try report(Self.isolated, sabotage: "A", "nft delete table inet weft-nat")
        #expect(broken.failures.map(\.probe.protocol) == [.tcp, .udp])
        #expect(broken.text().contains("source 192.168.100.100 expected, 172.17.0.2 seen"), "\(broken.text())")
    }

    @Test func `a masquerade between containers is told of`() throws {
        let broken = try report(
            try TopologyFile("calico-egress").text, sabotage: "A",
            """
            nft 'table ip sabotage { chain c { type nat hook postrouting priority 90; oifname eth0 masquerade; }; }'
            """)
        #expect(broken.failed == 8, "\(broken.text())")
        #expect(broken.text().contains(", 192.168.100.100 seen"), "\(broken.text())")
    }

    @Test func `without its table a host's published ports are closed and its containers reach no server`() throws {
        let broken = try report(
            try TopologyFile("docker-nat").text, sabotage: "A", "nft delete table inet weft-docker-nat")
        let lost = Set(broken.failures.filter { !$0.isReachable }.map(\.probe.target))
        // Those on other hosts too, for A's containers: nobody there could answer their own addresses.
        #expect(lost == ["A:8080", "A:5353", "B:8080", "web"], "\(broken.text())")
    }
}
