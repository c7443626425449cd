import Compiler
import NetworkState

/// What tests found, in the XML that GitLab and the reporters of GitHub read: a suite a topology, a case a pair and a case
/// a check. GitLab keeps no more than so many cases, and so a pair's protocols share one.
package struct JUnitReport: Sendable {
    private let reports: [FiledReport]

    package init(_ reports: [FiledReport]) {
        self.reports = reports
    }

    package var text: String {
        let suites = reports.map { Suite(file: $0.file, name: $0.report.topology, cases: $0.cases) }
        let cases = suites.flatMap(\.cases)
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"weft\"\(Suite.sums(cases))>\n"
            + suites.map(\.text).joined() + "</testsuites>\n"
    }

    private struct Suite {
        let file: String
        let name: String
        let cases: [Case]

        var text: String {
            "  <testsuite\(attribute("name", name))\(attribute("file", file))\(Self.sums(cases))>\n"
                + cases.map { $0.text(suite: name, file: file) }.joined() + "  </testsuite>\n"
        }

        static func sums(_ cases: [Case]) -> String {
            let skipped = cases.count { if case .skipped = $0.result { true } else { false } }
            let failures = cases.count { if case .failed = $0.result { true } else { false } }
            return " tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"0\" skipped=\"\(skipped)\""
                + " time=\"\(seconds(cases.reduce(0) { $0 + $1.microseconds }))\""
        }
    }

    fileprivate struct Case {
        enum Result {
            case passed
            case failed(String, lines: [String], [Finding])
            case skipped(String)
        }

        let kind: CheckKind
        let name: String
        var microseconds = 0
        var file: String?
        var line: Int?
        let result: Result

        func text(suite: String, file suiteFile: String) -> String {
            let head =
                "    <testcase\(attribute("classname", "\(suite).\(kind.rawValue)"))\(attribute("name", name))"
                + attribute("file", file ?? suiteFile) + (line.map { " line=\"\($0)\"" } ?? "")
                + " time=\"\(seconds(microseconds))\""
            switch result {
            case .passed: return "\(head)/>\n"
            case .skipped(let reason):
                return "\(head)>\n      <skipped\(attribute("message", reason))/>\n    </testcase>\n"
            case .failed(let message, let lines, let findings):
                let body = escaped((lines + findings.flatMap(\.lines)).joined(separator: "\n"))
                return "\(head)>\n      <failure\(attribute("message", message)) type=\"\(kind.rawValue)\">\(body)"
                    + "</failure>\n\(findings.attachments)    </testcase>\n"
            }
        }
    }
}

extension FiledReport {
    fileprivate var cases: [JUnitReport.Case] {
        let skipped = Dictionary(grouping: report.skips) { ProbedPair.Ends(from: $0.probe.from, to: $0.probe.target) }
        let moments = report.moments
        let skips = report.skips.map {
            ProbedPair.Moment(ends: ProbedPair.Ends(from: $0.probe.from, to: $0.probe.target), event: nil)
        }
        return (report.outcomes.map(\.moment) + skips).uniqued.map {
            pairCase($0, moments[$0]?.outcomes ?? [], $0.event == nil ? skipped[$0.ends] ?? [] : [])
        } + checkCases
    }

    private func pairCase(
        _ moment: ProbedPair.Moment, _ outcomes: [ProbeOutcome], _ skips: [ReachabilityReport.Skip]
    ) -> JUnitReport.Case {
        let failures = outcomes.filter { !$0.isAsExpected }
        let lines = failures.map { "\($0.probe.protocol.rawValue) \($0.probe.address): \($0.story)" }
        let result: JUnitReport.Case.Result
        if let first = lines.first {
            let target = outcomes.first?.probe.to
            result = .failed(
                first, lines: lines, findings(from: moment.ends.from, to: target, event: moment.event))
        } else if outcomes.isEmpty, let skip = skips.first {
            result = .skipped(skip.reason)
        } else {
            result = .passed
        }
        return JUnitReport.Case(
            kind: .reach, name: moment.description,
            microseconds: outcomes.reduce(0) { $0 + ($1.roundTripMicroseconds ?? 0) }, result: result)
    }

    /// GitLab tells cases apart by their names: those that would be called alike are numbered.
    private var checkCases: [JUnitReport.Case] {
        var uses: [String: Int] = [:]
        return report.checks.map { check in
            let name = check.caseName
            uses[check.kind.rawValue + name, default: 0] += 1
            let number = uses[check.kind.rawValue + name] ?? 1
            return JUnitReport.Case(
                kind: check.kind, name: number == 1 ? name : "\(name) #\(number)", file: check.place?.file,
                line: check.place?.line, result: result(of: check))
        }
    }

    private func result(of check: Check) -> JUnitReport.Case.Result {
        switch check.status {
        case .passed: return .passed
        case .skipped(let reason): return .skipped(reason)
        case .failed, .notRun:
            return .failed(check.story, lines: [check.story], findings(of: check))
        }
    }
}

extension [Finding] {
    /// What GitLab makes links of (its documentation of unit test reports, "View JUnit screenshots").
    fileprivate var attachments: String {
        let files = compactMap { $0.evidence?.file }
        if files.isEmpty { return "" }
        let words = files.map { "[[ATTACHMENT|\($0)]]" }.joined(separator: "\n")
        return "      <system-out>\(escaped(words))</system-out>\n"
    }
}

extension Check {
    fileprivate var caseName: String {
        let ends = [from, to ?? address?.description].compactMap(\.self).joined(separator: " -> ")
        let details = [to == nil ? nil : address?.description, `protocol`?.rawValue].compactMap(\.self)
        return ends + (details.isEmpty ? "" : " (\(details.joined(separator: ", ")))")
            + (event.map { " after '\($0)'" } ?? "")
    }
}

/// White space as references: readers would make spaces of it (XML 1.0, 3.3.3).
private func attribute(_ name: String, _ value: String) -> String {
    " \(name)=\"\(escaped(value).replacing("\n", with: "&#10;").replacing("\t", with: "&#9;"))\""
}

/// What XML 1.0 cannot say at all, most control characters, is shown as U+FFFD.
private func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": escaped += "&amp;"
        case "<": escaped += "&lt;"
        case ">": escaped += "&gt;"
        case "\"": escaped += "&quot;"
        case "\t", "\n": escaped.unicodeScalars.append(scalar)
        case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
        default: escaped.unicodeScalars.append(scalar)
        }
    }
    return escaped
}

private func seconds(_ microseconds: Int) -> String {
    let fraction = String(microseconds % 1_000_000)
    return "\(microseconds / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count) + fraction
}
