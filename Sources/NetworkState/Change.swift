/// One step of a plan: what a resource was, and what it is to be.
package struct Change: Hashable, Sendable {
    package enum Action: String, Hashable, CaseIterable, Sendable {
        case add, change, replace, remove

        /// As plans print it.
        package var symbol: String {
            switch self {
            case .add: "+"
            case .change: "~"
            case .replace: "-/+"
            case .remove: "-"
            }
        }
    }

    package let netns: Netns
    /// As the kernel has it now; nil if it is not there.
    package let before: Resource?
    /// As it should be; nil if it should go.
    package let after: Resource?
    package let reason: String?
    /// Where the topology says so: `FILE:LINE:COLUMN`.
    package let source: String?
    /// What goes with what goes, and has no change of its own to tell of it.
    package var takes: [Casualty] = []

    /// At least one of `before` and `after` must be there, and both have one identity.
    package init(
        in netns: Netns, from before: Resource?, to after: Resource?, reason: String? = nil, source: String? = nil
    ) {
        precondition(before != nil || after != nil, "a change from nothing to nothing")
        self.netns = netns
        self.before = before
        self.after = after
        self.reason = reason
        self.source = source
    }

    package var resource: Resource {
        guard let resource = after ?? before else { preconditionFailure("a change from nothing to nothing") }
        return resource
    }

    package var identity: Resource.Identity { resource.identity }

    package var place: ResourcePlace { ResourcePlace(identity, in: netns) }

    package var action: Action {
        guard let before else { return .add }
        guard let after else { return .remove }
        return after.isReachable(from: before) ? .change : .replace
    }

    /// Whether nothing is wrong with it, and it goes merely because something else does.
    package var comesBack: Bool {
        if let before, let after { after.isSatisfied(by: before) } else { false }
    }

    /// As a reader counts it: what comes back as it was has been replaced too.
    package var toldAction: Action { comesBack ? .replace : action }

    /// The change that takes it back.
    package var inverse: Change {
        Change(in: netns, from: after, to: before, reason: reason, source: source)
    }

    /// As ``ResourcePlace/name(on:)``.
    package func name(on host: String) -> String { place.name(on: host) }
}
