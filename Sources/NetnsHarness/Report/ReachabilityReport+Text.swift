import Compiler
import NetworkState

extension ReachabilityReport {
    /// More lines of failures than this are counted, not listed.
    private static let failureLimit = 50

    /// For a terminal: the matrix, what is not as expected, and a line that says it all.
    package func text(inASCII: Bool = false) -> String {
        let sums = PairSums(outcomes)
        let matrix = ReachabilityMatrix(report: self, sums: sums, marks: inASCII ? .ascii : .unicode)
        let parts = [
            outcomes.isEmpty ? "" : matrix.text, failureText, checkText, findingText, silenceText, skipText, noteText,
            closingText(sums),
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var failureText: String { failureTable(failureLines, of: \.kind, \.cells) }

    /// - `kind`: of where there are too many, the first of each is among those that are listed.
    private func failureTable<Failure, Kind: Hashable>(
        _ failures: [Failure], of kind: (Failure) -> Kind, _ cells: (Failure) -> [String]
    ) -> String {
        guard !failures.isEmpty else { return "" }
        let rest = failures.count - Self.failureLimit
        let listed = (rest > 0 ? failures.leading(byKind: kind) : failures).prefix(Self.failureLimit)
        var table = TextTable()
        for failure in listed { table.append(cells(failure)) }
        return table.text + (rest > 0 ? "and \(rest) more like these\n" : "")
    }

    /// What failed in the same way by several protocols is told once.
    private var failureLines: [FailureLine] {
        var lines: [FailureLine] = []
        for outcome in failures {
            let line = FailureLine(outcome: outcome, protocols: [outcome.probe.protocol])
            if let last = lines.last, last.isLike(line) {
                lines[lines.count - 1].protocols += line.protocols
            } else {
                lines.append(line)
            }
        }
        return lines
    }

    /// What else is not as expected, a line each.
    private var checkText: String { failureTable(failedChecks, of: \.kind, \.cells) }

    /// Where packets were seen last, and who is to blame, each with what would put it right.
    private var findingText: String {
        findings.map { finding in
            let moment = finding.event.map { " after '\($0)'" } ?? ""
            let means = finding.protocol.flatMap { $0 == .icmp ? nil : " by \($0.rawValue)" } ?? ""
            let last = finding.lastSeen.map { "\(means): last seen at \($0)" } ?? ""
            let pair = finding.pair
            let evidence = finding.evidence?.line.map { "  packets: \($0)\n" } ?? ""
            if let other = finding.sameAs { return "\(pair)\(moment)\(last)\n  culprit: as of \(other)\n\(evidence)" }
            let culprits = finding.culprits.map(\.lines).joined()
            return "\(pair)\(moment)\(last)\n" + (culprits.isEmpty ? "  culprit: not found\n" : culprits)
                + evidence
        }.joined()
    }

    /// One line a reason: what is missing is missing for many probes at once.
    private var skipText: String {
        let reasons = skips.map(\.reason) + checks.filter(byRest: \.isSkipped).compactMap(\.skipReason)
        let counts = Dictionary(reasons.map { ($0, 1) }, uniquingKeysWith: +)
        return counts.sorted { $0.key < $1.key }.map { "skipped \($0.value): \($0.key)\n" }.joined()
    }

    private var noteText: String { notes.map { "note: \($0)\n" }.joined() }

    /// `12 of 12 container pairs and 8 of 8 host pairs reachable by icmp, tcp and udp (60 probes in 9 ms, 0 retries)`
    private func closingText(_ pairs: PairSums) -> String {
        if pairs.isEmpty { return "nothing was probed\n" }
        var closed = 0
        pairs.forEach { _, _, sum in closed += sum.isSuperset(of: [.shouldBeUnreachable, .isUnreachable]) ? 1 : 0 }
        let surprising = outcomes.count(byRest: { $0.translatedSource != nil && !$0.probe.source.isTranslated })
        let remarks = [
            count(outcomes.count, "probe") + (probeTime.map { " in \($0.text)" } ?? ""),
            retries == 1 ? "1 retry" : "\(retries) retries",
            surprising == 0 ? nil : "\(surprising) with a translated source",
            translations,
            sampling,
        ]
        return "\(reached(pairs)) reachable by \(protocolList)"
            + (closed == 0 ? "" : ", \(closed) unreachable as expected")
            + " (\(remarks.compactMap(\.self).joined(separator: ", ")))\n"
            + checkSums + (failed == 0 ? "" : "\(count(failed, "check")) failed\n")
    }

    /// `132 of 132 paths, 12 of 12 gateways as expected`
    private var checkSums: String {
        var counts: [CheckKind: (passed: Int, all: Int)] = [:]
        checks.forEach(byRest: { ($0.kind, $0.status) }) { _, check in
            let (kind, status) = check
            if case .skipped = status { return }
            counts[kind, default: (0, 0)].all += 1
            if status == .passed { counts[kind, default: (0, 0)].passed += 1 }
        }
        let sums = CheckKind.allCases.compactMap { kind -> String? in
            guard let (passed, all) = counts[kind] else { return nil }
            return "\(passed) of \(count(all, kind.noun))"
        }
        return sums.isEmpty ? "" : "\(list(sums)) as expected\n"
    }

    /// Of the answers that told, those that should have come from a translator's address and did.
    private var translations: String? {
        let number = outcomes.count(byRest: \.isTranslated)
        if number == 0 { return nil }
        let expected = outcomes.count(byRest: { $0.isTranslated && $0.hasExpectedSource })
        return "\(expected) of \(count(number, "source")) translated as expected"
    }

    /// What is at the ends of a pair; the noun that it is counted by.
    private enum PairKind: String, CaseIterable {
        case container = "container pair"
        case server = "server pair"
        case port = "published port pair"
        case host = "host pair"
    }

    /// Containers among themselves, and apart from them the pairs that something else is an end of: `weft test` is about
    /// the former, and the latter would pass for them in one sum.
    private func reached(_ pairs: PairSums) -> String {
        let containers = Set(nodes.filter { $0.host != nil }.map(\.name))
        let servers = Set(nodes.filter(\.isServer).map(\.name))
        var counts: [PairKind: (reached: Int, all: Int)] = [:]
        pairs.forEach { from, to, sum in
            let kind: PairKind =
                if sum.contains(.hasPort) {
                    .port
                } else if servers.contains(from) || servers.contains(to) {
                    .server
                } else {
                    containers.contains(from) && containers.contains(to) ? .container : .host
                }
            counts[kind, default: (0, 0)].all += 1
            if sum.contains(.isReachable) { counts[kind, default: (0, 0)].reached += 1 }
        }
        let parts = PairKind.allCases.compactMap { kind -> String? in
            guard let (reached, all) = counts[kind] else { return nil }
            return "\(reached) of \(count(all, kind.rawValue))"
        }
        return list(parts)
    }

    private var protocolList: String { list(protocols.map(\.rawValue)) }

    private func list(_ parts: [String]) -> String {
        guard parts.count > 1, let last = parts.last else { return parts.joined() }
        return "\(parts.dropLast().joined(separator: ", ")) and \(last)"
    }

    private func count(_ number: Int, _ noun: String) -> String { number == 1 ? "1 \(noun)" : "\(number) \(noun)s" }
}

extension ProbeOutcome {
    /// Whether it tells where it came from, where that should be a translator.
    fileprivate var isTranslated: Bool { isReachable && probe.source.isTranslated && observedSource != nil }
}

private struct FailureLine {
    let outcome: ProbeOutcome
    var protocols: [ProbeProtocol]

    private var ends: [String] {
        ["failed", outcome.probe.from, "->", "\(outcome.probe.target) (\(outcome.probe.address))"]
    }

    /// By which protocols it failed, and how.
    var kind: [String] { protocols.map(\.rawValue) + [outcome.plainStory] }

    var cells: [String] { ends + [protocols.map(\.rawValue).joined(separator: " "), outcome.story] }

    func isLike(_ other: FailureLine) -> Bool {
        ends == other.ends && outcome.plainStory == other.outcome.plainStory
            && (other.outcome.way.isEmpty || outcome.way == other.outcome.way)
    }
}

extension CheckKind {
    /// What its checks are counted by.
    fileprivate var noun: String {
        switch self {
        case .mtu: "MTU"
        case .bulk: "transfer"
        case .convergence: "event"
        case .loss: "lossless stream"
        case .reach, .path, .encapsulation, .gateway, .source: rawValue
        }
    }
}

extension Check {
    fileprivate var cells: [String] {
        let target = [to, address.map { to == nil ? "\($0)" : "(\($0))" }].compactMap(\.self).joined(separator: " ")
        return ["failed", from, "->", target, kind.rawValue, story]
    }
}

extension Culprit {
    fileprivate var lines: String {
        "  culprit: \(text)" + (source.map { "  # \($0)" } ?? "") + "\n"
            + (remedy.map { "  way out: \($0)\n" } ?? "")
    }
}
