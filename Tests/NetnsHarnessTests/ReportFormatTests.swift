import Compiler
import Foundation
import JSONReader
import Netlink
import NetworkState
import TestSupport
import Testing

@testable import NetnsHarness

/// What other programs read of a report.
struct ReportFormatTests {
    private static func golden(_ name: String) -> URL {
        Repository.tests.appending(path: "NetnsHarnessTests/Golden").appending(path: name)
    }

    /// An echo request from 172.17.9.2 to 172.17.8.2, without what it carries.
    private static var echo: Packet {
        let header: [UInt8] = [0x45, 0, 0, 28, 0, 0, 0, 0, 63, 1, 0, 0, 172, 17, 9, 2, 172, 17, 8, 2]
        guard let packet = Packet(decoding: header + [8, 0, 0, 0, 0, 1, 0, 1]) else { preconditionFailure("no packet") }
        return packet
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
        let sightings = [("B1", "eth0", CapturedFrame.Direction.outgoing), ("B", "veth1", .incoming)].enumerated().map {
            Journey.Sighting(
                node: $1.0, link: $1.1, direction: $1.2, leg: .there,
                time: MonotonicTime(nanoseconds: 5_000 * Int64($0)),
                source: nil, destination: MACAddress(parsing: "ee:ee:ee:ee:ee:ee"), layers: [], packet: echo)
        }
        var lost = ProbeOutcome(probe: probe(1, 0), isReachable: false, attempts: 3, cause: "100% lost\u{1}")
        lost.sight = Sight(path: ["B1", "B"], lastSeen: "B:veth1, incoming", packets: sightings)
        let outcomes = [
            ProbeOutcome(probe: probe(0, 1), isReachable: true, roundTripMicroseconds: 61),
            ProbeOutcome(probe: probe(0, 1, .tcp), isReachable: true, roundTripMicroseconds: 90),
            lost,
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
            packets: sightings)
        let skip = ReachabilityReport.Skip(probe: probe(2, 0), reason: "this kernel has no IPv6")
        return FiledReport(
            file: "a,b.json",
            report: ReachabilityReport(
                topology: "lecture", nodes: nodes, wiring: wiring(of: nodes), outcomes: outcomes, skips: [skip],
                checks: checks,
                findings: [finding]))
    }()

    /// Hosts on one network, for containers that there are.
    private static func wiring(of nodes: [ProbeNode]) -> Wiring {
        let hosts = nodes.compactMap(\.host).uniqued.enumerated().map { index, host in
            let containers = nodes.filter { $0.host == host }.enumerated().map {
                Wiring.Container(name: $1.name, addresses: $1.addresses, link: LinkName(known: "veth\($0)"))
            }
            let prefixes = [IPPrefix(IPAddress(v4: 0xc000_0201 + UInt32(index)), length: 24)].compactMap(\.self)
            let link = Wiring.Link(name: LinkName(known: "eth0"), segment: "lan", addresses: prefixes)
            return Wiring.Machine(kind: .host, name: host, links: [link], containers: containers)
        }
        let subnets = [IPPrefix(parsing: "192.0.2.0/24")].compactMap(\.self)
        return Wiring(segments: [Wiring.Segment(name: "lan", subnets: subnets, mtu: 1500)], machines: hosts)
    }

    /// A pair that an event has cut off, both ways and for the same reason, and one that it has cost packets.
    static let afterEvent: FiledReport = {
        let nodes = [("A1", "A"), ("B1", "B")].enumerated().map {
            ProbeNode(name: $1.0, addresses: [IPAddress(v4: 0xac11_0802 + UInt32($0))], host: $1.1)
        }
        let culprit = Culprit(
            node: "A", text: "route A/172.17.9.0/24 is missing", remedy: nil, source: "lab.json:7:3")
        let pairs = [(0, 1), (1, 0)].map { (nodes[$0], nodes[$1]) }
        let outcomes = pairs.flatMap { from, to -> [ProbeOutcome] in
            let probe = Probe(from: from.name, to: to.name, address: to.addresses[0], protocol: .icmp)
            var lost = ProbeOutcome(probe: probe, isReachable: false, attempts: 3, cause: "no answer")
            lost.event = "cut"
            return [ProbeOutcome(probe: probe, isReachable: true, roundTripMicroseconds: 61), lost]
        }
        let findings = pairs.map { from, to in
            Finding(
                from: from.name, to: to.name, address: to.addresses[0], event: "cut", lastSeen: "A:eth0, incoming",
                culprits: [culprit], packets: [],
                sameAs: from.name == "A1" ? nil : Finding.Pair(from: "A1", to: "B1"))
        }
        let checks = [CheckKind.convergence, .loss].map {
            Check(
                kind: $0, from: "A1", to: $0 == .loss ? "B1" : nil, expected: "so", observed: "else", status: .failed,
                event: "cut")
        }
        return FiledReport(
            file: "lab.json",
            report: ReachabilityReport(
                topology: "lab", nodes: nodes, outcomes: outcomes, checks: checks, findings: findings))
    }()

    @Test func `what failed after an event is told apart from what held before, with its culprit, everywhere`() throws {
        let report = Self.afterEvent
        let junit = JUnitReport([report]).text
        expectGolden(junit, Self.golden("after-event.junit.xml"))
        let cases = junit.split(separator: "<testcase").dropFirst()
        #expect(cases.count == 6)
        #expect(cases.filter { $0.contains("<failure") }.count == 4)
        #expect(cases.filter { $0.contains("<failure") }.allSatisfy { $0.contains("route A/172.17.9.0/24 is missing") })
        let annotations = report.annotations.split(separator: "\n")
        #expect(annotations.count == 4)
        #expect(annotations.allSatisfy { $0.contains("line=7,") && $0.contains("is missing") }, "\(annotations)")
        #expect(annotations.filter { $0.contains("after 'cut'") }.count == 4)
        let schema = Repository.root.appending(path: "schema/report.schema.json")
        #expect(
            try SchemaValidation.verdicts(on: [JSON.array([report.report.json]).text], schema: schema) == ["accepted"])
        let events = report.report.json["checks"]?.array?.filter { $0["kind"] == "reach" }.map { $0["event"] }
        #expect(events == [nil, "cut", nil, "cut"])
        let same = report.report.json["findings"]?.array?.last?["sameAs"]
        #expect(same == JSON.members(["from": "A1", "to": "B1"]))
        let text = report.report.text()
        #expect(text.contains("B1 -> A1 after 'cut': last seen at A:eth0, incoming\n  culprit: as of A1 -> B1\n"))
        #expect(text.contains("no answer after 'cut'\n"))
    }

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
