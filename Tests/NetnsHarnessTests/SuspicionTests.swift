import Compiler
import NetworkState
import TestSupport
import Testing

@testable import NetnsHarness

/// Of thousands of failures, which are told first and gone after.
struct SuspicionTests {
    private static let probes = (1...1_000).map { index in
        Probe(from: "A\(index)", to: "B1", address: address("172.17.9.2"), protocol: .icmp)
    }

    private static func check(_ kind: CheckKind, _ from: String, _ to: String?) -> Check {
        Check(
            kind: kind, from: from, to: to, address: address("172.17.9.2"), expected: "one", observed: "another",
            status: .failed)
    }

    /// Every way fails as well, and at the very end one of each other kind.
    private static let rarities = [
        check(.gateway, "C1", nil), check(.mtu, "C2", "B1"), check(.mtu, "C3", "B1"), check(.bulk, "A999", "B1"),
    ]
    private static let checks = probes.map { check(.path, $0.from, $0.to) } + rarities

    @Test func `one failure of each kind is gone after first, and no pair twice`() {
        let result = CheckRound.Result(
            outcomes: Packed(Self.probes.map { ProbeOutcome(probe: $0, isReachable: false) }),
            checks: Packed(Self.checks))
        let suspicions = Suspicion.all(in: result)
        #expect(suspicions.prefix(6).map(\.from) == ["A1", "A999", "C1", "C2", "A2", "A3"])
        #expect(suspicions.count == 1_003)
        #expect(Set(suspicions).count == suspicions.count)
    }

    @Test func `a text that lists no more than a part lists one failure of each kind`() {
        let outcomes = Self.probes.map { probe in
            let isRare = probe.from == "A777"
            return ProbeOutcome(probe: probe, isReachable: false, cause: isRare ? "host unreachable" : "no answer")
        }
        let nodes = [ProbeNode(name: "B1", addresses: [address("172.17.9.2")], host: "B")]
        let report = ReachabilityReport(topology: "many", nodes: nodes, outcomes: outcomes, checks: Self.checks)
        let lines = report.text().split(separator: "\n").filter { $0.hasPrefix("failed") }
        #expect(lines.count == 100, "two lists")
        #expect(lines[1].contains("A777") && lines[1].contains("host unreachable"))
        #expect(lines[50...54].map { $0.split(separator: " ")[1] } == ["A1", "C1", "C2", "A999", "A2"])
    }
}
