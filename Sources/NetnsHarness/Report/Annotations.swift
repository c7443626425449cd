import Compiler

extension FiledReport {
    /// What GitHub's runner makes annotations of (workflow commands): an error a failure at the topology's line that it
    /// follows from, a notice a reason for leaving something out.
    package var annotations: String {
        let pairs = report.moments.values.filter { !$0.isAsExpected }.sorted { $0.title < $1.title }
        return (pairs.map(annotation) + report.failedChecks.map(annotation) + skipNotices).joined()
    }

    private func annotation(_ pair: ProbedPair) -> String {
        let lines = pair.outcomes.filter { !$0.isAsExpected }.map { "\($0.probe.protocol.rawValue): \($0.story)" }
        let first = pair.outcomes.first
        let findings = first.map { self.findings(from: $0.probe.from, to: $0.probe.to, event: $0.event) } ?? []
        return command("error", at: findings.place, title: pair.title, lines + findings.flatMap(\.lines))
    }

    private func annotation(_ check: Check) -> String {
        let findings = self.findings(of: check)
        let title = [check.from, check.to].compactMap(\.self).joined(separator: " -> ") + ", \(check.kind.rawValue)"
        return command(
            "error", at: check.place ?? findings.place, title: title, [check.story] + findings.flatMap(\.lines))
    }

    private var skipNotices: [String] {
        let reasons =
            report.skips.map(\.reason)
            + report.checks.compactMap { if case .skipped(let reason) = $0.status { reason } else { nil } }
        let counts = Dictionary(reasons.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.key < $1.key }
        return counts.map { command("notice", at: nil, title: "left out", ["\($0.value): \($0.key)"]) }
    }

    private func command(_ name: String, at place: SourcePlace?, title: String, _ lines: [String]) -> String {
        let place = place ?? SourcePlace(file: file, line: 1, column: 1)
        return
            "::\(name) file=\(property(place.file)),line=\(place.line),col=\(place.column),title=\(property(title))::"
            + escaped(lines.joined(separator: "\n")) + "\n"
    }

    private func escaped(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    private func property(_ text: String) -> String {
        escaped(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}

extension ProbedPair {
    fileprivate var title: String { outcomes.first?.moment.description ?? "" }
}

extension [Finding] {
    /// Where the topology says what the first culprit should be like.
    fileprivate var place: SourcePlace? {
        lazy.flatMap(\.culprits).compactMap(\.source).compactMap(SourcePlace.init(reading:)).first
    }
}

extension SourcePlace {
    /// Reads `FILE:LINE:COLUMN`.
    fileprivate init?(reading text: String) {
        let parts = text.split(separator: ":")
        guard parts.count > 2, let line = Int(parts[parts.count - 2]), let column = Int(parts[parts.count - 1]) else {
            return nil
        }
        self.init(file: parts.dropLast(2).joined(separator: ":"), line: line, column: column)
    }
}
