import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

/// `weft test --protocols`.
@Suite(.namespaces)
struct ProbeProtocolTests {
    private let file = TopologyFile("calico-two-hosts")

    private func checks(of report: String) throws -> [JSON] {
        try #require(try JSON(parsing: report).array?.first?["checks"]?.array)
    }

    @Test(arguments: [["icmp"], ["icmp", "udp"], ["tcp"]])
    func `pairs are probed by what is asked for and nothing else`(_ protocols: [String]) throws {
        let list = protocols.joined(separator: ",")
        let finished = try Weft.run("test", file.url.path, "--protocols", list, "--format", "json")
        #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
        let reached = try checks(of: finished.output).filter { $0["kind"]?.string == "reach" }
        #expect(reached.count == 20 * protocols.count)
        #expect(Set(reached.compactMap { $0["protocol"]?.string }) == Set(protocols))
        #expect(reached.allSatisfy { $0["status"]?.string == "passed" })
    }

    @Test func `what is expected of other protocols is told as left out, of each by itself`() throws {
        let written = #"""
              "expect": [
                { "from": "A1", "to": "B1", "reach": false, "protocols": ["udp"] },
                { "from": "A1", "to": "B2", "port": 5432 },
                { "from": "A2", "to": "B1" }
              ],
              "hosts": [
            """#
        let text = try file.text.replacing(#"  "hosts": ["#, with: written)
        let finished = try Weft.run("test", "-", "--protocols", "icmp", "--format", "json", input: text)
        #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
        let skipped = try checks(of: finished.output).filter { $0["status"]?.string == "skipped" }
        #expect(
            skipped.map { "\($0["from"]?.string ?? "")-\($0["to"]?.string ?? "") \($0["protocol"]?.string ?? "")" }
                == ["A1-B1 udp", "A1-B2 tcp", "A2-B1 tcp", "A2-B1 udp"])
        #expect(skipped.allSatisfy { $0["reason"]?.string?.contains("--protocols") == true })
        #expect(try Weft.run("test", "-", "--protocols", "icmp", "--strict-skip", input: text).status == 1)
        // Asked by that one, it does not hold.
        #expect(try Weft.run("test", "-", "--protocols", "icmp,udp", input: text).status == 1)
    }

    @Test(arguments: [
        ("imcp", "--protocols takes no 'imcp': did you mean 'icmp'?"),
        ("icmp,sctp", "--protocols takes no 'sctp': it takes icmp,tcp,udp"),
        ("", "--protocols takes icmp,tcp,udp, or some of them with commas"),
    ])
    func `what is no protocol is refused before anything is built`(_ list: String, _ complaint: String) throws {
        let finished = try Weft.run("test", file.url.path, "--protocols", list)
        #expect(finished.status == 64)
        #expect(finished.errors.contains(complaint), "\(finished.errors)")
        #expect(finished.output.isEmpty)
    }
}
