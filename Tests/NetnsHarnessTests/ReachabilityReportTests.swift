import Compiler
import Foundation
import NetnsHarness
import NetworkState
import TestSupport
import Testing

struct ReachabilityReportTests {
    private static func golden(_ name: String) -> URL {
        Repository.tests.appending(path: "NetnsHarnessTests/Golden").appending(path: name)
    }

    /// The lecture's two hosts with two containers each.
    private static let lecture = [("A1", "A"), ("A2", "A"), ("B1", "B"), ("B2", "B")].enumerated().map {
        ProbeNode(name: $1.0, addresses: [IPAddress(v4: 0xac11_0802 + UInt32($0))], host: $1.1)
    }

    /// All pairs by all protocols; `observe` makes an outcome of each probe.
    private static func report(
        _ nodes: [ProbeNode], sampling: String? = nil, skips: [ReachabilityReport.Skip] = [],
        observe: (Probe) -> ProbeOutcome = { ProbeOutcome(probe: $0, isReachable: true, roundTripMicroseconds: 61) }
    ) -> ReachabilityReport {
        let outcomes = PairSelection(hosts: nodes.map { _ in 0 }).pairs.flatMap { pair in
            ProbeProtocol.allCases.map { kind in
                let (from, to) = (nodes[pair.from], nodes[pair.to])
                return observe(Probe(from: from.name, to: to.name, address: to.addresses[0], protocol: kind))
            }
        }
        return ReachabilityReport(
            topology: "lecture.json", nodes: nodes, outcomes: outcomes, skips: skips, sampling: sampling,
            probeTime: .milliseconds(9))
    }

    private static let broken = report(
        lecture,
        skips: [
            .init(
                probe: Probe(from: "A1", to: "B1", address: address("fd00::2"), protocol: .icmp),
                reason: "this kernel has no IPv6")
        ]
    ) { probe in
        if probe.to == "B2", probe.protocol == .tcp {
            return ProbeOutcome(probe: probe, isReachable: false, attempts: 3, cause: "connection refused")
        }
        if probe.from == "B1", probe.protocol == .udp {
            return ProbeOutcome(
                probe: probe, isReachable: true, roundTripMicroseconds: 80, attempts: 2,
                translatedSource: address("192.168.100.101"))
        }
        return ProbeOutcome(probe: probe, isReachable: true, roundTripMicroseconds: 61)
    }

    /// Docker's NAT: no container reaches another host's, and one should not have got through.
    private static let isolated = report(lecture) { probe in
        let isLocal = probe.from.first == probe.to.first
        let isLeak = probe.from == "A1" && probe.to == "B2" && probe.protocol == .udp
        let expectation = Probe(
            from: probe.from, to: probe.to, address: probe.address, protocol: probe.protocol, expected: isLocal)
        var outcome = ProbeOutcome(
            probe: expectation, isReachable: isLocal || isLeak, attempts: isLocal ? 1 : 3,
            cause: isLocal || isLeak ? nil : "no answer")
        let host = String(probe.from.prefix(1))
        if isLeak { outcome.sight = Sight(path: ["A1", "A", "B", "B2"], lastSeen: "A1:eth0, incoming") }
        if probe.protocol == .icmp, !isLocal {
            outcome.sight = Sight(path: [probe.from, host], lastSeen: "\(host):docker0, incoming")
        }
        return outcome
    }

    /// Twenty containers, of which the last is cut off, on hosts of `size` containers each.
    private static func hosts(of size: Int) -> ReachabilityReport {
        let nodes = (0..<20).map { index in
            ProbeNode(
                name: "c\(index)", addresses: [IPAddress(v4: 0x0a00_0000 + UInt32(index))], host: "h\(index / size)")
        }
        return report(nodes, sampling: "sampled 380 of 9900 pairs") { probe in
            let isCut = (probe.from == "c19") != (probe.to == "c19")
            return ProbeOutcome(
                probe: probe, isReachable: !isCut, attempts: isCut ? 3 : 1, cause: isCut ? "no answer" : nil)
        }
    }

    /// Containers and hosts, of which one pair each fails, and a note on why that may be.
    private static let withHosts: ReachabilityReport = {
        let hosts = [("A", 100), ("B", 101)].map {
            ProbeNode(name: $0.0, addresses: [IPAddress(v4: 0xc0a8_6400 + UInt32($0.1))])
        }
        let nodes = lecture + hosts
        let containerPairs = PairSelection(hosts: lecture.map { _ in 0 }).pairs.map { ($0.from, $0.to) }
        let hostPairs = [(4, 0), (0, 4), (4, 1), (1, 4), (5, 2), (2, 5), (5, 3), (3, 5)]
        let outcomes = (containerPairs + hostPairs).flatMap { from, to in
            ProbeProtocol.allCases.map { kind in
                let (from, to) = (nodes[from], nodes[to])
                let probe = Probe(from: from.name, to: to.name, address: to.addresses[0], protocol: kind)
                let isLost = ["A1 B1", "B B2"].contains("\(from.name) \(to.name)")
                return ProbeOutcome(probe: probe, isReachable: !isLost, cause: isLost ? "no answer" : nil)
            }
        }
        return ReachabilityReport(
            topology: "lecture.json", nodes: nodes, outcomes: outcomes,
            notes: ["the kernel's neighbour table overflowed 3 times"])
    }()

    @Test(arguments: [
        ("lecture", report(lecture)), ("broken", broken), ("isolated", isolated), ("few-hosts", hosts(of: 5)),
        ("many-hosts", hosts(of: 1)), ("with-hosts", withHosts),
        ("nothing", ReachabilityReport(topology: "empty.json", nodes: [], outcomes: [])),
    ])
    func `the text of a report is its golden file's`(_ name: String, _ report: ReachabilityReport) {
        expectGolden(report.text(), Self.golden("\(name).txt"))
    }

    @Test func `a report can be had in ASCII`() {
        let text = Self.broken.text(inASCII: true)
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
        expectGolden(text, Self.golden("broken-ascii.txt"))
    }

    @Test func `the JSON of a report is its golden file's`() {
        expectGolden(Self.broken.json.text, Self.golden("broken.json"))
    }

    @Test func `what should not get through and does not tells where it stopped, and what does which way it came`()
        throws
    {
        let checks = try #require(Self.isolated.json["checks"]?.array)
        let stopped = checks.filter { $0["expected"] == "unreachable" && $0["protocol"] == "icmp" }
        #expect(stopped.count == 8)
        #expect(stopped.allSatisfy { $0["status"] == "passed" && $0["attempts"] == 3 && $0["cause"] == "no answer" })
        #expect(stopped.first?["lastSeen"] == "A:docker0, incoming")
        #expect(stopped.first?["path"] == ["A1", "A"])
        let leak = try #require(checks.first { $0["status"] == "failed" })
        #expect(leak["path"] == ["A1", "A", "B", "B2"])
        #expect(leak["lastSeen"] == nil, "it got there")
    }

    @Test func `the JSON of a report has its notes`() {
        #expect(Self.withHosts.json["notes"] == ["the kernel's neighbour table overflowed 3 times"])
    }

    @Test(arguments: [
        (report(lecture), [36, 0, 0, 0]), (broken, [33, 3, 1, 9]), (isolated, [35, 1, 0, 0]),
    ])
    func `a report counts what passed, failed, was skipped and was retried`(
        _ report: ReachabilityReport, _ counts: [Int]
    ) {
        let counted: [Int] = [report.passed, report.failed, report.skipped, report.retries]
        #expect(counted == counts)
    }
}
