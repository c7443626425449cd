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
            "sampling": sampling.map { .string($0) },
            "notes": .array(notes.map { .string($0) }),
            "checks": .array(outcomes.map(\.json) + skips.map(\.json)),
        ])
    }
}

extension ProbeOutcome {
    fileprivate var json: JSON {
        .members([
            "kind": "reach",
            "from": .string(probe.from),
            "to": .string(probe.to),
            "address": .string(probe.address.description),
            "protocol": .string(probe.protocol.rawValue),
            "expected": .string(reachability(probe.expected)),
            "observed": .string(reachability(isReachable)),
            "status": isAsExpected ? "passed" : "failed",
            "rttMicroseconds": roundTripMicroseconds.map { .integer(Int64($0)) },
            "attempts": .integer(Int64(attempts)),
            "cause": cause.map { .string($0) },
            "translatedSource": translatedSource.map { .string($0.description) },
        ])
    }
}

extension ReachabilityReport.Skip {
    fileprivate var json: JSON {
        .members([
            "kind": "reach",
            "from": .string(probe.from),
            "to": .string(probe.to),
            "address": .string(probe.address.description),
            "protocol": .string(probe.protocol.rawValue),
            "expected": .string(reachability(probe.expected)),
            "status": "skipped",
            "reason": .string(reason),
        ])
    }
}

func reachability(_ isReachable: Bool) -> String { isReachable ? "reachable" : "unreachable" }
