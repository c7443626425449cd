package import Compiler

/// What the probes of one topology showed, against what was expected.
package struct ReachabilityReport: Hashable, Sendable {
    /// A probe that could not be made, and why.
    package struct Skip: Hashable, Sendable {
        package let probe: Probe
        package let reason: String

        package init(probe: Probe, reason: String) {
            self.probe = probe
            self.reason = reason
        }
    }

    package let topology: String
    package let nodes: [ProbeNode]
    package let outcomes: [ProbeOutcome]
    package let skips: [Skip]
    /// What was looked at beside who reaches whom.
    package let checks: [Check]
    /// Who is to blame for what failed.
    package let findings: [Finding]
    /// What ``PairSelection`` says when it took a sample.
    package let sampling: String?
    /// What may explain the outcomes and lies beyond the topology, a sentence each.
    package let notes: [String]

    package init(
        topology: String,
        nodes: [ProbeNode],
        outcomes: [ProbeOutcome],
        skips: [Skip] = [],
        checks: [Check] = [],
        findings: [Finding] = [],
        sampling: String? = nil,
        notes: [String] = []
    ) {
        self.topology = topology
        self.nodes = nodes
        self.outcomes = outcomes
        self.skips = skips
        self.checks = checks
        self.findings = findings
        self.sampling = sampling
        self.notes = notes
    }

    package var failures: [ProbeOutcome] { outcomes.filter { !$0.isAsExpected } }
    package var failedChecks: [Check] { checks.filter(\.isFailed) }
    package var passed: Int { outcomes.count { $0.isAsExpected } + checks.count { $0.status == .passed } }
    package var failed: Int { failures.count + failedChecks.count }
    package var skipped: Int { skips.count + checks.count { $0.isSkipped } }
    package var retries: Int { outcomes.reduce(0) { $0 + $1.retries } + checks.reduce(0) { $0 + $1.retries } }

    /// Those that were probed, in the order icmp, tcp, udp.
    package var protocols: [ProbeProtocol] { Set(outcomes.map(\.probe.protocol)).sorted() }
}

/// An ordered pair of nodes and everything that was probed between them.
struct ProbedPair: Hashable, Sendable {
    struct Ends: Hashable, Sendable {
        let from: String
        let to: String
    }

    let outcomes: [ProbeOutcome]

    var isReachable: Bool { outcomes.allSatisfy(\.isReachable) }
    var isUnreachable: Bool { outcomes.allSatisfy { !$0.isReachable } }
    var isAsExpected: Bool { outcomes.allSatisfy(\.isAsExpected) }
    /// Whether nothing should have passed.
    var shouldBeUnreachable: Bool { outcomes.allSatisfy { !$0.probe.expected } }
}

extension ReachabilityReport {
    var pairs: [ProbedPair.Ends: ProbedPair] {
        Dictionary(grouping: outcomes) { ProbedPair.Ends(from: $0.probe.from, to: $0.probe.target) }
            .mapValues(ProbedPair.init)
    }
}
