import Netlink
import NetworkState

extension ApplyError: CustomStringConvertible {
    package var description: String {
        lines.joined(separator: "\n")
    }

    private var lines: [String] {
        switch self {
        case .conflicts(let conflicts):
            ["foreign resources are in the way:"]
                + conflicts.map { "  \($0.netns.place)\($0.held.identity): \($0.reason)" }
        case .missingLinks(let missing, let host):
            missing.map { link in
                "\(link.netns.name ?? "host \(host)") has no link \(link.link)" + (link.source.map { " (\($0))" } ?? "")
            } + ["  make it, or correct its name in the topology"]
        case .absentWorkloads(let workloads): workloads.map(\.text)
        case .lacking(let feature, let reason):
            [
                "this kernel has no \(feature.rawValue), needed for \(feature.purpose): \(reason)",
                "  way out: \(feature.remedy)",
            ]
        case .stale(let reasons, let host):
            ["the plan is stale; not all is as it was when it was made:"] + reasons.map { "  \($0.text(on: host))" } + [
                "  make a new one with weft plan --out"
            ]
        case .locked(let path, let holder): ["\(path) is locked" + (holder.map { " by \($0)" } ?? "")]
        case .corruptLedger(let path, let reason):
            [
                "\(path) is not a ledger: \(reason)",
                "  give the topology's file as well: what weft made is then known by its marks",
            ]
        case .corruptJournal(let path, let reason):
            [
                "\(path) is not a journal: \(reason)",
                "  move it away to go on without: the next apply mends what the last one left, but nothing can take that back",
            ]
        case .unconfirmed(let checkpoint):
            [
                "an apply to host \(checkpoint.host) waits until \(checkpoint.deadline ?? "") for somebody to confirm it: "
                    + "that of \(checkpoint.holder)",
                "  weft confirm --host \(checkpoint.host) keeps it, weft rollback --host \(checkpoint.host) takes it back",
            ]
        case .settled(let host): ["no apply to host \(host) waits to be confirmed, or was cut short"]
        case .unprivileged(let attempt, let reason, let outcome):
            ["\(attempt): \(reason)", "  this needs root, or user namespaces", outcome.text].compactMap(\.self)
        case .unobservable(let netns, let error, let outcome):
            ["cannot read the state of \(netns.name ?? "the host"): \(error)", outcome.text].compactMap(\.self)
        case .unlistable(let attempt, let cause, let outcome):
            ["\(attempt): \(cause.text(in: .own))", outcome.text].compactMap(\.self)
        case .refused(let attempt, let cause, let netns): ["\(netns.place)\(attempt): \(cause.text(in: netns))"]
        case .system(let error, let outcome): [error.description, outcome.text].compactMap(\.self)
        case .failed(let failure, let further, let outcome):
            [failure.description] + further.map { "  also: \($0)" } + [outcome.text].compactMap(\.self)
        case .verification(let mismatches, let outcome):
            ["the kernel took every change, but not everything is as it should be:"]
                + mismatches.map { "  \($0)" } + [outcome.text].compactMap(\.self)
        case .notUndone(let failures, _): failures.map(\.description) + [outcome.text].compactMap(\.self)
        }
    }
}

extension ApplyError.AbsentWorkload {
    fileprivate var text: String {
        let place = source.map { " (\($0))" } ?? ""
        let path = netns.name ?? ""
        return if let obstacle {
            "container \(container)\(place): \(path): \(obstacle)"
        } else {
            "container \(container)\(place): no network namespace at \(path) that this user can see: "
                + "start the container first, or correct the topology"
        }
    }
}

extension ApplyError.Outcome {
    fileprivate var text: String? {
        switch self {
        case .unchanged: "  nothing was changed"
        case .rolledBack: "  everything done before was undone"
        case .incomplete(let left):
            ([
                "  not everything could be undone; these are left:"
            ] + left.flatMap(\.commands).map { "    \($0)" }).joined(separator: "\n")
        }
    }
}

extension ApplyError.Failure: CustomStringConvertible {
    package var description: String { "\(attempt): \(cause.text(in: change.netns))" }
}

extension ApplyError.Cause {
    func text(in netns: Netns) -> String {
        switch self {
        case .netlink(let error): error.description
        case .system(let error): error.description
        case .nftables(let error): error.description
        case .missingLink(let name): "\(netns.name ?? "the host") has no link \(name)"
        case .missingNetns(let name): "there is no network namespace \(name)"
        }
    }
}

extension ApplyError.Mismatch: CustomStringConvertible {
    package var description: String {
        let name = netns.place + (identity == .netns ? "" : "\(identity.kind) \(identity)")
        return switch (expected, found) {
        case (let expected?, let found?): "\(name): \(found.attributes.text) instead of \(expected.attributes.text)"
        case (_?, nil): "\(name) is missing"
        case (nil, _): "\(name) is still there"
        }
    }
}

extension Netns {
    /// `A1: `; nothing for the host's own.
    fileprivate var place: String { name.map { "\($0): " } ?? "" }
}
