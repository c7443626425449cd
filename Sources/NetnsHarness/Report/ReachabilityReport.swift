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
    /// How the nodes hang together, and what stands between them.
    package let wiring: Wiring
    package let outcomes: Packed<ProbeOutcome>
    package let skips: [Skip]
    /// What was looked at beside who reaches whom.
    package let checks: Packed<Check>
    /// Who is to blame for what failed.
    package internal(set) var findings: [Finding]
    /// What ``PairSelection`` says when it took a sample.
    package let sampling: String?
    /// How long the probes before all events took together, if any were sent.
    package let probeTime: Duration?
    /// What may explain the outcomes and lies beyond the topology, a sentence each.
    package let notes: [String]

    package init(
        topology: String,
        nodes: [ProbeNode],
        wiring: Wiring = Wiring(),
        outcomes: Packed<ProbeOutcome>,
        skips: [Skip] = [],
        checks: Packed<Check> = [],
        findings: [Finding] = [],
        sampling: String? = nil,
        probeTime: Duration? = nil,
        notes: [String] = []
    ) {
        self.topology = topology
        self.nodes = nodes
        self.wiring = wiring
        self.outcomes = outcomes
        self.skips = skips
        self.checks = checks
        self.findings = findings
        self.sampling = sampling
        self.probeTime = probeTime
        self.notes = notes
    }

    package init(
        topology: String,
        nodes: [ProbeNode],
        wiring: Wiring = Wiring(),
        outcomes: [ProbeOutcome],
        skips: [Skip] = [],
        checks: [Check] = [],
        findings: [Finding] = [],
        sampling: String? = nil,
        probeTime: Duration? = nil,
        notes: [String] = []
    ) {
        self.init(
            topology: topology, nodes: nodes, wiring: wiring, outcomes: Packed(outcomes), skips: skips,
            checks: Packed(checks), findings: findings, sampling: sampling, probeTime: probeTime, notes: notes)
    }

    package var failures: [ProbeOutcome] { outcomes.filter(byRest: { !$0.isAsExpected }) }
    package var failedChecks: [Check] { checks.filter(byRest: \.isFailed) }
    package var passed: Int { outcomes.count(byRest: \.isAsExpected) + checks.count(byRest: { $0.status == .passed }) }
    package var failed: Int { outcomes.count(byRest: { !$0.isAsExpected }) + checks.count(byRest: \.isFailed) }
    package var skipped: Int { skips.count + checks.count(byRest: \.isSkipped) }

    package var retries: Int {
        var count = 0
        outcomes.forEach(byRest: \.retries) { count += $1 }
        return count + checks.reduce(0) { $0 + $1.retries }
    }

    /// Those that were probed, in the order icmp, tcp, udp.
    package var protocols: [ProbeProtocol] {
        var found: Set<ProbeProtocol> = []
        outcomes.forEach(byRest: \.probe.protocol) { found.insert($1) }
        return found.sorted()
    }
}

/// An ordered pair of nodes and everything that was probed between them.
struct ProbedPair: Hashable, Sendable {
    /// The same ends after an event are another moment of theirs.
    struct Moment: Hashable, Sendable {
        let ends: Ends
        let event: String?
    }

    struct Ends: Hashable, Sendable {
        let from: String
        let to: String
    }

    let outcomes: [ProbeOutcome]

    var isAsExpected: Bool { outcomes.allSatisfy(\.isAsExpected) }
}

extension ReachabilityReport {
    var pairs: [ProbedPair.Ends: ProbedPair] {
        Dictionary(grouping: outcomes) { ProbedPair.Ends(from: $0.probe.from, to: $0.probe.target) }
            .mapValues(ProbedPair.init)
    }

    /// What was probed at the start, and after each event apart.
    var moments: [ProbedPair.Moment: ProbedPair] {
        Dictionary(grouping: outcomes, by: \.moment).mapValues(ProbedPair.init)
    }
}

extension ProbeOutcome {
    var moment: ProbedPair.Moment {
        ProbedPair.Moment(ends: ProbedPair.Ends(from: probe.from, to: probe.target), event: event)
    }
}

extension ProbedPair.Moment: CustomStringConvertible {
    /// `A1 -> B1 after 'a route is deleted'`
    var description: String { "\(ends.from) -> \(ends.to)" + (event.map { " after '\($0)'" } ?? "") }
}
