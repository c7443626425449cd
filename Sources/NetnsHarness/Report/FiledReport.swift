import NetworkState

/// A report beside the file that it is about, for what has to lead back to the topology's lines.
package struct FiledReport: Hashable, Sendable {
    /// As it was given to the command.
    package let file: String
    package let report: ReachabilityReport

    package init(file: String, report: ReachabilityReport) {
        self.file = file
        self.report = report
    }

    /// What was found of the same ends at the same moment; without the other end, of all that failed from there.
    func findings(from: String, to: String?, event: String? = nil) -> [Finding] {
        report.findings.filter { $0.from == from && $0.event == event && (to == nil || $0.to == nil || $0.to == to) }
    }
}

extension ProbeOutcome {
    /// Expected and observed side by side, of one that is not as expected.
    var story: String {
        if probe.expected, isReachable, let seen = observedSource {
            let expected = (probe.source.addresses ?? []).filter { $0.family == seen.family }.map(\.description)
            return "source \(expected.joined(separator: " or ")) expected, \(seen) seen"
        }
        return "expected \(reachability(probe.expected)), observed \(reachability(isReachable))"
            + (cause.map { ": \($0)" } ?? "")
    }
}

extension Check {
    /// Expected and observed side by side.
    var story: String {
        let sight = "\(expected) expected, \(observed ?? "nothing") seen"
        let moment = event.map { " after '\($0)'" } ?? ""
        return (status == .notRun ? "declared, and never looked at" : sight) + (cause.map { ": \($0)" } ?? "") + moment
    }
}

extension Finding {
    /// Line by line: where the packet was seen last, who is to blame, the way out, and the packet's steps.
    var lines: [String] {
        let last = lastSeen.map { ["last seen at \($0)"] } ?? []
        let blame = culprits.flatMap { culprit in
            ["culprit: \(culprit.text)" + (culprit.source.map { "  # \($0)" } ?? "")]
                + (culprit.remedy.map { ["way out: \($0)"] } ?? [])
        }
        return last + blame + steps
    }
}
