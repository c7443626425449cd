package import Netlink
package import NetworkState

/// Why a host is not as it was to be, and how it was left.
package enum ApplyError: Error, Hashable {
    /// How the kernel's state compares with what it was before.
    package enum Outcome: Hashable, Sendable {
        /// Nothing was touched.
        case unchanged
        /// Everything that had been done was undone.
        case rolledBack
        /// These changes would still be needed to undo everything.
        case incomplete(left: [Change])
    }

    /// A change that could not be made, and why.
    package struct Failure: Hashable, Sendable {
        package let change: Change
        package let cause: Cause
    }

    package enum Cause: Error, Hashable {
        case netlink(NetlinkError)
        case system(SystemError)
        case nftables(NftablesError)
        case missingLink(LinkName)
        case missingNetns(String)
    }

    /// A resource that is not as a plan, or a topology, would have it.
    package struct Mismatch: Hashable, Sendable {
        package let netns: Netns
        package let identity: Resource.Identity
        /// Nil if it should be gone.
        package let expected: Resource?
        /// Nil if it is not there.
        package let found: Resource?
    }

    /// A container whose namespace weft is to find, and does not.
    package struct AbsentWorkload: Hashable, Sendable {
        package let container: String
        package let netns: Netns
        /// Where the topology names it.
        package let source: String?
        /// Why this user cannot have it, where it is there.
        package let obstacle: String?

        package init(container: String, netns: Netns, source: String? = nil, obstacle: String? = nil) {
            (self.container, self.netns, self.source, self.obstacle) = (container, netns, source, obstacle)
        }
    }

    /// Foreign resources are in the way; nothing was touched.
    case conflicts([Plan.Conflict])
    /// The plan builds on links that are not there; nothing was touched.
    case missingLinks([Plan.MissingLink], host: String)
    /// Containers that were to run already do not; nothing was touched.
    case absentWorkloads([AbsentWorkload])
    /// The kernel has no such links; nothing was touched.
    case lacking(KernelFeature, reason: String)
    /// The host is not as it was when the plan was made; nothing was touched.
    case stale([Staleness], host: String)
    /// Another run holds the host's lock; nothing was touched.
    case locked(path: String, by: LedgerFile.Holder?)
    /// The ledger cannot be understood, and nothing else tells what to look for; nothing was touched.
    case corruptLedger(path: String, reason: String)
    /// The journal cannot be understood; nothing was touched.
    case corruptJournal(path: String, reason: String)
    /// An earlier apply waits for somebody to confirm it; nothing was touched.
    case unconfirmed(Checkpoint)
    /// There is nothing to be confirmed, or to be gone back to; nothing was touched.
    case settled(host: String)
    /// The kernel does not let this user do it: it takes root or user namespaces.
    case unprivileged(attempt: String, reason: String, Outcome)
    /// The kernel's state could not be read.
    case unobservable(Netns, NetlinkError, Outcome)
    /// One of the tables of address translation could not be read.
    case unlistable(attempt: String, Cause, Outcome)
    /// Something other than a change failed.
    case system(SystemError, Outcome)
    /// A command that is part of no plan was refused, and has changed nothing.
    case refused(attempt: String, Cause, in: Netns)
    /// A change was refused. The further ones were refused in the same send, or while undoing.
    case failed(Failure, further: [Failure], Outcome)
    /// The kernel said yes to every change, and yet not everything is as it should be.
    case verification([Mismatch], Outcome)
    /// An apply could not be taken back whole.
    case notUndone([Failure], left: [Change])

    package var outcome: Outcome {
        switch self {
        case .conflicts, .missingLinks, .absentWorkloads, .lacking, .stale, .locked, .corruptLedger, .corruptJournal,
            .unconfirmed,
            .settled, .refused:
            .unchanged
        case .unprivileged(_, _, let outcome), .unobservable(_, _, let outcome), .unlistable(_, _, let outcome),
            .system(_, let outcome), .failed(_, _, let outcome), .verification(_, let outcome):
            outcome
        case .notUndone(_, let left): .incomplete(left: left)
        }
    }

    /// The same, once it is known how the host was left.
    func with(_ outcome: Outcome) -> ApplyError {
        switch self {
        case .conflicts, .missingLinks, .absentWorkloads, .lacking, .stale, .locked, .corruptLedger, .corruptJournal,
            .unconfirmed,
            .settled, .refused,
            .notUndone:
            self
        case .unprivileged(let attempt, let reason, _): .unprivileged(attempt: attempt, reason: reason, outcome)
        case .unobservable(let netns, let error, _): .unobservable(netns, error, outcome)
        case .unlistable(let attempt, let cause, _): .unlistable(attempt: attempt, cause, outcome)
        case .system(let error, _): .system(error, outcome)
        case .failed(let failure, let further, _): .failed(failure, further: further, outcome)
        case .verification(let mismatches, _): .verification(mismatches, outcome)
        }
    }

    /// From a system call outside any change.
    init(_ error: SystemError, _ outcome: Outcome = .unchanged) {
        self =
            error.isPermission
            ? .unprivileged(attempt: error.operation, reason: errnoText(error.errno), outcome) : .system(error, outcome)
    }

    /// From a failure to read `netns`.
    init(observing netns: Netns, _ error: NetlinkError) {
        if case .system(let error) = error { self.init(error) } else { self = .unobservable(netns, error, .unchanged) }
    }

    /// From the changes that failed, in the order of failing; `failures` has at least one.
    init(_ failures: [Failure], _ outcome: Outcome) {
        guard let first = failures.first else { preconditionFailure("a failure of nothing") }
        if let reason = first.cause.permissionReason {
            self = .unprivileged(attempt: first.attempt, reason: reason, outcome)
        } else {
            self = .failed(first, further: Array(failures.dropFirst()), outcome)
        }
    }
}

/// Runs `body`, outside any change.
func systemCalls<Value: ~Copyable>(_ body: () throws(SystemError) -> Value) throws(ApplyError) -> Value {
    do throws(SystemError) { return try body() } catch { throw ApplyError(error) }
}

extension ApplyError.Failure {
    /// The commands that would have done the same by hand.
    package var commands: [String] { change.commands }

    var attempt: String {
        commands.isEmpty ? "\(change.action.rawValue) \(change.identity)" : commands.joined(separator: "; ")
    }
}

extension ApplyError.Cause {
    var permissionReason: String? {
        switch self {
        case .netlink(let error): error.errno.map(isPermissionErrno) == true ? error.description : nil
        case .system(let error): error.isPermission ? error.description : nil
        case .nftables(let error): error.isPermission ? error.description : nil
        case .missingLink, .missingNetns: nil
        }
    }
}
