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
    func findings(from: String, to: String?, event: String?) -> [Finding] {
        report.findings.filter { $0.from == from && $0.event == event && (to == nil || $0.to == nil || $0.to == to) }
    }

    func findings(of check: Check) -> [Finding] {
        // What has not become as it should after an event is what failed of the pairs then.
        if check.kind == .convergence { return report.findings.filter { $0.event == check.event && $0.sameAs == nil } }
        return findings(from: check.from, to: check.to, event: check.event)
    }
}

extension ProbeOutcome {
    /// Expected and observed side by side, of one that is not as expected, with where it came.
    var story: String { plainStory + way }

    /// Which way what should not have got through came, and where what should have was seen last.
    var way: String {
        guard let sight else { return "" }
        if isReachable { return probe.expected ? "" : ", by \(sight.path.joined(separator: " "))" }
        return sight.lastSeen.map { ", last seen at \($0)" } ?? ", never seen on a wire"
    }

    /// The same by every protocol, whatever was seen of it.
    var plainStory: String {
        if probe.expected, isReachable, let seen = observedSource {
            let expected = (probe.source.addresses ?? []).filter { $0.family == seen.family }.map(\.description)
            return "source \(expected.joined(separator: " or ")) expected, \(seen) seen\(afterwards)"
        }
        return "expected \(reachability(probe.expected)), observed \(reachability(isReachable))"
            + (cause.map { ": \($0)" } ?? "") + afterwards
    }

    private var afterwards: String { event.map { " after '\($0)'" } ?? "" }
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
    /// Line by line: where the packet was seen last, who is to blame, the way out, the packet's steps, and where all else
    /// is that was seen.
    var lines: [String] {
        let last = (sameAs.map { ["as \($0)"] } ?? []) + (lastSeen.map { ["last seen at \($0)"] } ?? [])
        let blame = culprits.flatMap { culprit in
            ["culprit: \(culprit.text)" + (culprit.source.map { "  # \($0)" } ?? "")]
                + (culprit.remedy.map { ["way out: \($0)"] } ?? [])
        }
        return last + blame + steps + (evidence?.line.map { [$0] } ?? [])
    }
}
