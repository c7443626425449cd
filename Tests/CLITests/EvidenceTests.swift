import Applier
import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

/// What `weft test` keeps of the packets of what failed.
@Suite(.namespaces, .tshark)
struct EvidenceTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "weft-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private static func sabotaged(_ name: String) -> String {
        Repository.topologies.appending(path: "sabotaged/\(name).json").path
    }

    /// The findings of a run with evidence, and all files that it leaves.
    private func findings(_ name: String, _ options: String...) throws -> (findings: [JSON], finished: Finished) {
        let results = folder.appending(path: "results.json").path
        let finished = try TestSupport.run(
            [Weft.path, "test", Self.sabotaged(name), "--evidence", folder.path, "--json", results] + options)
        #expect(finished.status == 1, "\(finished.errors)")
        let report = try JSON(parsing: String(contentsOfFile: results, encoding: .utf8)).array?.first
        return (try #require(report?["findings"]?.array), finished)
    }

    /// What Wireshark reads of a finding's capture, a row a frame.
    private func rows(_ finding: JSON, _ fields: [String]) throws -> [[String]] {
        try Tshark.read(URL(filePath: try #require(finding["evidence"]?["file"]?.string)), fields)
    }

    @Test func `a packet on its way to the wrong address is in the capture as far as it came`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (findings, finished) = try findings("wrong-mac")
        let finding = try #require(findings.first)
        let rows = try rows(finding, ["frame.interface_name", "frame.protocols", "ip.dst", "eth.dst"])
        #expect(rows.count == finding["evidence"]?["frames"]?.integer.map(Int.init))
        let last = rows.filter { $0[0] == "A:vxlan.calico" }
        #expect(!last.isEmpty)
        #expect(last.allSatisfy { $0[2] == "172.17.9.2" && $0[3] == "02:00:00:00:00:99" }, "\(last)")
        #expect(!rows.contains { $0[0].hasPrefix("B:") })
        // By every protocol that failed, and not by one alone.
        let protocols = Set(rows.flatMap { $0[1].split(separator: ":") })
        #expect(protocols.isSuperset(of: ["icmp", "tcp", "udp"]), "\(protocols)")
        let file = try #require(finding["evidence"]?["file"]?.string)
        #expect(finished.output.contains("packets: \(rows.count) frames in \(file)"), "\(finished.output)")
    }

    @Test func `who answers for a gateway is in the capture`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let finding = try #require(try findings("wrong-gateway").findings.first { $0["to"] == nil })
        let rows = try rows(finding, ["frame.interface_name", "arp.opcode", "arp.src.proto_ipv4", "arp.src.hw_mac"])
        #expect(
            rows.contains { $0[0] == "A1:eth0" && $0[1...] == ["2", "169.254.1.1", "02:00:00:00:00:01"] }, "\(rows)")
    }

    @Test func `a packet that is too large and the error that tells so are in the capture`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (findings, _) = try findings("mtu-too-large")
        let finding = try #require(findings.first { $0["evidence"] != nil })
        let lengths = try rows(finding, ["ip.len"]).compactMap { $0.first.flatMap { Int($0.prefix { $0 != "," }) } }
        #expect(lengths.contains { $0 > 1450 }, "\(lengths)")
    }

    @Test func `a packet in a tunnel is in the capture with its envelope`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let finding = try #require(try findings("stray-encapsulation").findings.first)
        let rows = try rows(finding, ["frame.interface_name", "frame.protocols", "vxlan.vni"])
        #expect(rows.contains { $0[0] == "A:eth0" && $0[1].contains("vxlan") && $0[2] == "9" }, "\(rows)")
    }

    /// The event costs packets as long as its wire is bad, and all that is asked more than once gets an answer in the end.
    @Test(.needs(.randomDrop)) func `packets that a bad wire loses are told with the wire, and the frames of one more`()
        throws
    {
        defer { try? FileManager.default.removeItem(at: folder) }
        let event =
            #"{ "impair": "A:eth0", "loss": "70%", "expect": [{ "from": "A1", "to": "A2" }], "lossless": [{ "from": "A1", "to": "B1" }] }"#
        let text = try TopologyFile("calico-two-hosts").text.replacing(
            #""hosts": ["#, with: #""events": [\#(event)], "hosts": ["#)
        let finished = try TestSupport.run(
            [Weft.path, "test", "-", "--format", "json", "--evidence", folder.path], input: text)
        #expect(finished.status == 1, "\(finished.output)\(finished.errors)")
        let findings = try #require(JSON(parsing: finished.output).array?.first?["findings"]?.array)
        let finding = try #require(findings.first { $0["from"] == "A1" && $0["to"] == "B1" })
        let culprit = try #require(finding["culprits"]?.array?.first?["text"]?.string)
        #expect(culprit.contains("wire A--lan is impaired at A:eth0 and lan:A.eth0: loss 70%, by the event"))
        let packets = try #require(finding["packets"]?.array)
        #expect(packets.first?["node"] == "A1", "\(finding)")
        let rows = try rows(finding, ["frame.interface_name", "icmp.type"])
        #expect(rows.contains(["A1:eth0", "8"]), "\(rows)")
    }

    @Test func `JUnit attaches captures, and the page has them in itself`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (junit, html) = (folder.appending(path: "weft.xml"), folder.appending(path: "weft.html"))
        let (findings, _) = try findings("wrong-mac", "--junit", junit.path, "--html", html.path)
        let file = try #require(findings.first?["evidence"]?["file"]?.string)
        #expect(try String(contentsOf: junit, encoding: .utf8).contains("[[ATTACHMENT|\(file)]]"))
        let capture = try Data(contentsOf: URL(filePath: file)).base64EncodedString()
        #expect(try String(contentsOf: html, encoding: .utf8).contains(capture))
    }

    @Test func `each failure of several topologies has a file of its own`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = Self.sabotaged("wrong-mac")
        let finished = try Weft.run("test", file, file, "--jobs", "2", "--evidence", folder.path)
        #expect(finished.status == 1)
        let named = finished.output.matches(of: /packets: \d+ frames in (\S+)/).map { String($0.1) }
        let written = try FileManager.default.contentsOfDirectory(atPath: folder.path).map { "\(folder.path)/\($0)" }
        #expect(named.count >= 2 && Set(named).count == named.count)
        #expect(Set(named) == Set(written))
    }

    @Test func `nothing is written of what is as expected`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "new/evidence").path
        let finished = try Weft.run("test", TopologyFile("calico-two-hosts").url.path, "--evidence", path)
        #expect(finished.status == 0, "\(finished.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty)
    }

    @Test func `a folder that cannot be is said before anything is built`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "file").path
        try Data().write(to: URL(filePath: file))
        let finished = try Weft.run("test", TopologyFile("calico-two-hosts").url.path, "--evidence", file)
        #expect(finished.status == 1)
        #expect(finished.errors.contains(file) && finished.errors.contains("Not a directory"), "\(finished.errors)")
        #expect(finished.output.isEmpty)
    }
}
