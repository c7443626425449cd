import Compiler
import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

@testable import NetnsHarness

/// What other programs read of a report.
struct ReportFormatTests {
    private static func golden(_ name: String) -> URL {
        Repository.tests.appending(path: "NetnsHarnessTests/Golden").appending(path: name)
    }

    /// One of everything, with names that no format would wish for.
    static let sample: FiledReport = {
        let nodes = [("A1", "A"), ("B1", "B"), ("<&\">", "B")].enumerated().map {
            ProbeNode(name: $1.0, addresses: [IPAddress(v4: 0xac11_0802 + UInt32($0))], host: $1.1)
        }
        func probe(_ from: Int, _ to: Int, _ kind: ProbeProtocol = .icmp) -> Probe {
            Probe(from: nodes[from].name, to: nodes[to].name, address: nodes[to].addresses[0], protocol: kind)
        }
        let place = SourcePlace(file: "a,b.json", line: 12, column: 5)
        let outcomes = [
            ProbeOutcome(probe: probe(0, 1), isReachable: true, roundTripMicroseconds: 61),
            ProbeOutcome(probe: probe(0, 1, .tcp), isReachable: true, roundTripMicroseconds: 90),
            ProbeOutcome(probe: probe(1, 0), isReachable: false, attempts: 3, cause: "100% lost\u{1}"),
            ProbeOutcome(probe: probe(1, 2), isReachable: true, roundTripMicroseconds: 3000),
        ]
        var wrong = Check(kind: .path, from: "B1", to: "A1", expected: "B1 B A A1", status: .failed, place: place)
        wrong.observed = "B1 B"
        let checks = [
            wrong, Check(kind: .mtu, from: "A1", to: "B1", expected: "mtu 1450", observed: "mtu 1450", status: .passed),
            Check(kind: .bulk, from: "A1", to: "B1", expected: "50 MB", status: .notRun, place: place),
            Check(
                kind: .gateway, from: "A1", expected: "ee:ee:ee:ee:ee:ee", status: .skipped(reason: "no</script>ARP")),
        ]
        let culprit = Culprit(
            node: "B", text: "route B/172.17.8.0/24 is missing", remedy: "ip route add 172.17.8.0/24 via 192.0.2.1",
            source: "a,b.json:7:3")
        let finding = Finding(
            from: "B1", to: "A1", address: nil, event: nil, lastSeen: "B:veth1, incoming", culprits: [culprit],
            steps: ["+0 µs B1:eth0, outgoing"])
        let skip = ReachabilityReport.Skip(probe: probe(2, 0), reason: "this kernel has no IPv6")
        return FiledReport(
            file: "a,b.json",
            report: ReachabilityReport(
                topology: "lecture", nodes: nodes, outcomes: outcomes, skips: [skip], checks: checks,
                findings: [finding]))
    }()

    @Test func `JUnit's XML is its golden file's, and an XML reader finds the cases in it`() throws {
        let text = JUnitReport([Self.sample]).text
        expectGolden(text, Self.golden("sample.junit.xml"))
        let script = """
            import sys, xml.etree.ElementTree as tree
            root = tree.parse(sys.stdin).getroot()
            cases = root.findall("testsuite/testcase")
            keys = {(case.get("classname"), case.get("name")) for case in cases}
            failures = len(root.findall("testsuite/testcase/failure"))
            skipped = len(root.findall("testsuite/testcase/skipped"))
            suite = root.find("testsuite")
            assert [suite.get("tests"), suite.get("failures"), suite.get("skipped")] == [str(len(cases)), str(failures), str(skipped)]
            print(len(cases), len(keys), failures, skipped)
            """
        let finished = try run(["/usr/bin/python3", "-c", script], input: text)
        #expect(finished.output == "8 8 3 2\n", "\(finished.errors)")
    }

    @Test func `annotations for GitHub stand at the topology's lines, a line each, and escaped`() {
        expectGolden(Self.sample.annotations, Self.golden("sample.github.txt"))
        #expect(Self.sample.annotations.split(separator: "\n").allSatisfy { $0.hasPrefix("::") })
    }

    @Test func `the JSON of a report is as the schema says`() throws {
        let text = JSON.array([Self.sample.report.json]).text
        let schema = Repository.root.appending(path: "schema/report.schema.json")
        #expect(try SchemaValidation.verdicts(on: [text], schema: schema) == ["accepted"])
    }
}
