import Applier
import Compiler
import NetworkState

/// Where a lab is not as its topology says, host by host: what `weft plan` would change.
struct Drift {
    private let lab: Lab
    private var known: [String: [Culprit]] = [:]

    init(_ lab: Lab) { self.lab = lab }

    /// What departs from the plan on one host, containers included.
    mutating func culprits(on host: String) throws(ApplyError) -> [Culprit] {
        if let known = known[host] { return known }
        guard let index = lab.topology.hosts.firstIndex(where: { $0.name == host }) else { return [] }
        var managed = lab.managedHost(host)
        let plan = try managed.plan(for: CompiledHost(lab.topology, host: index, source: lab.source))
        let culprits = plan.told.map { Culprit($0, on: host) } + plan.conflicts.map { Culprit($0, on: host) }
        known[host] = culprits
        return culprits
    }

    /// What departs from what the lab itself has wired.
    mutating func culpritsOfUnderlay() throws(ApplyError) -> [Culprit] {
        if let known = known[""] { return known }
        let culprits = try lab.underlayChanges().map { Culprit($0, on: "underlay") }
        known[""] = culprits
        return culprits
    }
}

extension Culprit {
    init(_ change: Change, on host: String) {
        node = change.netns.name ?? host
        let name = "\(change.identity.kind) \(change.name(on: host))"
        switch (change.before, change.after) {
        case (nil, let after?): text = "\(name) is missing: \(after.words)"
        case (let before?, let after?):
            let difference = after.differences(from: before).joined(separator: ", ")
            text = "\(name) is not as planned: \(difference)"
        default: text = "\(name) is there, and not planned: \(change.resource.words)"
        }
        remedy = change.commands.joined(separator: "; ")
        source = change.source
    }

    init(_ conflict: Plan.Conflict, on host: String) {
        node = host
        text = "\(conflict.held.identity.kind) \(conflict.name(on: host)) is not weft's: \(conflict.reason)"
        remedy = nil
        source = conflict.source
    }
}
