import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

/// What `weft test` says of a topology that works.
@Suite(.namespaces)
struct TestCommandTests {
    @Test func `the closing line tells container pairs from host pairs, and the JSON has room for notes`() throws {
        let output = FileManager.default.temporaryDirectory.appending(path: "weft-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: output) }
        let finished = try Weft.run("test", TopologyFile("calico-two-hosts").url.path, "--json", output.path)
        #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
        let last = finished.lines.suffix(2)
        #expect(
            last.first?.hasPrefix(
                "12 of 12 container pairs and 8 of 8 host pairs reachable by icmp, tcp and udp (60 probes in ") == true)
        #expect(
            last.last == "12 of 12 paths, 12 of 12 encapsulations, 4 of 4 gateways and 4 of 4 MTUs as expected")
        let report = try #require(try JSON(parsing: String(contentsOf: output, encoding: .utf8)).array?.first)
        #expect(report["notes"]?.array != nil)
    }
}
