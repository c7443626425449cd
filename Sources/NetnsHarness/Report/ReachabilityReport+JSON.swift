import Compiler
package import NetworkState

extension ReachabilityReport {
    /// The result of `weft test`, which other programs rely on: extend it, but keep what is there.
    package var json: JSON {
        .members([
            "topology": .string(topology),
            "passed": .integer(Int64(passed)),
            "failed": .integer(Int64(failed)),
            "skipped": .integer(Int64(skipped)),
            "retries": .integer(Int64(retries)),
            "probeMilliseconds": probeTime.map { .integer($0.milliseconds) },
            "sampling": sampling.map { .string($0) },
            "notes": .array(notes.map { .string($0) }),
            "findings": .array(findings.map(\.json)),
            "checks": .array(outcomes.map(\.json) + skips.map(\.json) + checks.map(\.json)),
        ])
    }
}

extension Probe {
    /// What was asked, with what came of it.
    fileprivate func json(with result: KeyValuePairs<String, JSON?>) -> JSON {
        let question: JSON = .members([
            "kind": "reach",
            "from": .string(from),
            "to": .string(to),
            "address": .string(address.description),
            "port": port.map { .integer(Int64($0.number)) },
            "protocol": .string(`protocol`.rawValue),
            "expected": .string(reachability(expected)),
            "expectedSource": source.json,
        ])
        let answer: JSON = .members(result)
        return .object((question.object ?? [:]).merging(answer.object ?? [:]) { $1 })
    }
}

extension ProbeOutcome {
    fileprivate var json: JSON {
        probe.json(with: [
            "observed": .string(reachability(isReachable)),
            "status": isAsExpected ? "passed" : "failed",
            "rttMicroseconds": roundTripMicroseconds.map { .integer(Int64($0)) },
            "attempts": .integer(Int64(attempts)),
            "cause": cause.map { .string($0) },
            "observedSource": probe.source == .unknown ? nil : observedSource.map { .string($0.description) },
            "translatedSource": translatedSource.map { .string($0.description) },
            "event": event.map { .string($0) },
            "path": sight.flatMap { $0.path.isEmpty ? nil : .array($0.path.map { .string($0) }) },
            "lastSeen": isReachable ? nil : sight?.lastSeen.map { .string($0) },
            "packets": sight?.packets.json,
        ])
    }
}

extension ExpectedSource {
    /// Nil where nothing is expected: then nothing is said of it.
    fileprivate var json: JSON? {
        switch self {
        case .unknown: nil
        case .kept: "kept"
        case .translated(let addresses): .array(addresses.map { .string($0.description) })
        }
    }
}

extension ReachabilityReport.Skip {
    fileprivate var json: JSON {
        probe.json(with: ["status": "skipped", "reason": .string(reason)])
    }
}

extension Check {
    fileprivate var json: JSON {
        .members([
            "kind": .string(kind.rawValue),
            "from": .string(from),
            "to": to.map { .string($0) },
            "address": address.map { .string($0.description) },
            "protocol": `protocol`.map { .string($0.rawValue) },
            "expected": .string(expected),
            "observed": observed.map { .string($0) },
            "status": .string(status.word),
            "reason": status.reason.map { .string($0) },
            "event": event.map { .string($0) },
            "place": place.map { .string($0.description) },
            "path": path.isEmpty ? nil : .array(path.map { .string($0) }),
            "packets": packets.json,
            "retries": .integer(Int64(retries)),
            "cause": cause.map { .string($0) },
        ])
    }
}

extension Finding {
    fileprivate var json: JSON {
        .members([
            "from": .string(from),
            "to": to.map { .string($0) },
            "address": address.map { .string($0.description) },
            "event": event.map { .string($0) },
            "protocol": `protocol`.map { .string($0.rawValue) },
            "lastSeen": lastSeen.map { .string($0) },
            "culprits": .array(
                culprits.map { culprit in
                    .members([
                        "node": .string(culprit.node),
                        "text": .string(culprit.text),
                        "remedy": culprit.remedy.map { .string($0) },
                        "source": culprit.source.map { .string($0) },
                    ])
                }),
            "sameAs": sameAs.map { .members(["from": .string($0.from), "to": $0.to.map { .string($0) }]) },
            "steps": .array(steps.map { .string($0) }),
            "evidence": evidence?.json,
            "packets": packets.json,
        ])
    }
}

extension Check.Status {
    fileprivate var word: String {
        switch self {
        case .passed: "passed"
        case .failed: "failed"
        case .skipped: "skipped"
        case .notRun: "notRun"
        }
    }

    fileprivate var reason: String? {
        if case .skipped(let reason) = self { reason } else { nil }
    }
}

func reachability(_ isReachable: Bool) -> String { isReachable ? "reachable" : "unreachable" }
