import NetworkState

/// Takes a host back to what it was, whatever has become of it meanwhile: by comparing, not by replaying.
struct Rollback {
    /// What the first pass makes, another may need to be there: a route its gateway's route, a setting its link.
    private static let passes = 5

    private let changes: [Change]
    private let before: HostState
    private let interest: HostState
    private let namespaces: OpenNamespaces

    /// Of `changes`, those that the kernel took at least a part of; `before` is what it had before the first of them.
    init(_ changes: [Change], to before: HostState, _ interest: HostState, in namespaces: OpenNamespaces) {
        self.changes = changes
        self.before = before
        self.interest = interest
        self.namespaces = namespaces
    }

    /// Also returns what could not be undone, and why, the last time it was tried.
    func run() -> (outcome: ApplyError.Outcome, failures: [ApplyError.Failure]) {
        guard !changes.isEmpty else { return (.unchanged, []) }
        var left: [Change]?
        var failures: [ApplyError.Failure] = []
        for _ in 0..<Self.passes {
            // A host that changes too fast to be read may come to rest.
            guard let present = try? Observer.observe(interest, in: namespaces) else { continue }
            let needed = Difference(changes, from: present, to: before).changes
            if needed.isEmpty { return (left == nil ? .unchanged : .rolledBack, []) }
            if needed == left { break }
            left = needed
            failures = Executor.run(needed, .restoring, in: namespaces).failures
        }
        return (.incomplete(left: left ?? changes.reversed().map(\.inverse)), failures)
    }
}
