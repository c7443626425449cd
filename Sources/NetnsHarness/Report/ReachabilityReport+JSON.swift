import Compiler
package import NetworkState

extension ReachabilityReport {
    /// The result of `weft test`, which other programs rely on: extend it, but keep what is there.
    package var json: JSON {
        var members = summary
        members["checks"] = .array(Array(checkTexts))
        return .object(members)
    }

    /// What was looked at, one after the other, as it is told.
    fileprivate var checkTexts: some Sequence<JSON> {
        let parts: [AnySequence<JSON>] = [
            AnySequence(outcomes.lazy.map(\.json)), AnySequence(skips.lazy.map(\.json)),
            AnySequence(checks.lazy.map(\.json)),
        ]
        return parts.lazy.joined()
    }

    /// All but the checks.
    fileprivate var summary: [String: JSON] {
        let summary: JSON = .members([
            "topology": .string(topology),
            "passed": .integer(Int64(passed)),
            "failed": .integer(Int64(failed)),
            "skipped": .integer(Int64(skipped)),
            "retries": .integer(Int64(retries)),
            "probeMilliseconds": probeTime.map { .integer($0.milliseconds) },
            "sampling": sampling.map { .string($0) },
            "notes": .array(notes.map { .string($0) }),
            "findings": .array(findings.map(\.json)),
        ])
        return summary.object ?? [:]
    }
}

extension [ReachabilityReport] {
    /// The canonical text of an array of what ``ReachabilityReport/json`` tells of each, in pieces: a large one's has
    /// gigabytes.
    package func writeJSON(to write: ([UInt8]) -> Void) {
        var writer = JSONWriter(.indented)
        writer.array(self) { writer, report in
            let members = report.summary.map { ($0.key, Optional($0.value)) } + [("checks", nil)]
            writer.object(members.sorted { $0.0 < $1.0 }) { writer, value in
                if let value { return writer.write(value) }
                writer.array(report.checkTexts) { writer, check in
                    writer.write(check)
                    writer.hand(to: write, above: JSONWriter.pieceSize)
                }
            }
        }
        writer.hand(to: write, above: 0)
        write([UInt8](arrayLiteral: UInt8(ascii: "\n")))
    }
}

extension JSONWriter {
    fileprivate static let pieceSize = 1 << 16

    fileprivate mutating func hand(to write: ([UInt8]) -> Void, above size: Int) {
        if byteCount > size { write(takeBytes()) }
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
