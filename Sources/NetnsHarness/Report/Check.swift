package import Compiler
package import NetworkState

/// What is checked, beside who reaches whom.
package enum CheckKind: String, CaseIterable, Hashable, Sendable {
    case reach, path, encapsulation, gateway, mtu, source, bulk, convergence, loss
}

/// One thing that was looked at, and what it should have been.
package struct Check: Hashable, Sendable {
    package enum Status: Hashable, Sendable {
        case passed, failed
        case skipped(reason: String)
        /// It was declared, and nothing came of it: that is a failure.
        case notRun
    }

    package let kind: CheckKind
    package let from: String
    package var to: String?
    package var address: IPAddress?
    package var `protocol`: ProbeProtocol?
    package let expected: String
    package var observed: String?
    package var status: Status
    package var event: String?
    package var place: SourcePlace?
    package var path: [String] = []
    /// Of one that failed.
    package var packets: [Journey.Sighting] = []
    package var retries = 0
    package var cause: String?

    /// Also what was declared and never looked at.
    package var isFailed: Bool { status == .failed || status == .notRun }

    package var isSkipped: Bool { skipReason != nil }

    package var skipReason: String? {
        if case .skipped(let reason) = status { reason } else { nil }
    }
}
