package import NetworkState

/// What would bring `host` from `observed` to what `declaration` says, and remove what `ledger` knows to be ours and
/// is declared no longer.
///
/// Pure: nothing is asked of a kernel. Whatever is not declared and not ours stays as it is; where it stands in the
/// way, the plan has a conflict.
///
/// - `observed` holds the namespaces and sysctl keys of both `declaration` and `ledger`, as far as they exist.
/// - `ledger` is nil where none was found: ownership then rests on the marks in the kernel.
/// - `takingOver`: whether what is foreign and stands in the way gives way, as far as it can be given back later.
package func plan(
    _ declaration: Declaration,
    topology: String,
    host: String,
    observed: HostState,
    ledger: Ledger?,
    takingOver: Bool = false,
    locate: ([JSONPointer]) -> [JSONPointer: String] = { _ in [:] }
) -> Plan {
    let known = ledger ?? Ledger(recovering: declaration.state, from: observed, topology: topology, host: host)
    var planner = Planner(
        declaration: declaration, topology: topology, host: host, observed: observed, known: known,
        takesOver: takingOver)
    planner.blockForeignOnDoomed()
    planner.planDeclared()
    planner.planRemovals()
    planner.planRestorations()
    return planner.plan(locate: locate)
}

/// A plan in the making.
struct Planner {
    let declaration: Declaration
    let observed: HostState
    /// What was ours before.
    let known: Ledger
    /// Whether what is foreign and stands in the way gives way.
    let takesOver: Bool
    let doomed: Set<Link.Peer>
    /// What will be ours.
    var ledger: Ledger
    var steps: [Step] = []
    var obstacles: [Obstacle] = []
    var missingLinks: [(netns: Netns, link: LinkName, identity: Resource.Identity)] = []
    var unchanged = 0

    struct Step {
        let netns: Netns
        let before: Resource?
        let after: Resource?
        let reason: String?
        let phase: Phase

        var resource: Resource? { after ?? before }
        var identity: Resource.Identity { resource?.identity ?? .netns }
    }

    /// What is foreign and in the way of a declared or doomed resource.
    struct Obstacle {
        let netns: Netns
        let held: Resource
        let reason: String
        let declared: Resource.Identity?
    }

    /// Making comes before breaking, save where something old blocks the place of something new.
    enum Phase: Int, Comparable {
        case clear, make, remove, restore

        static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }
    }

    init(
        declaration: Declaration, topology: String, host: String, observed: HostState, known: Ledger, takesOver: Bool
    ) {
        self.declaration = declaration
        self.observed = observed
        self.known = known
        self.takesOver = takesOver
        ledger = Ledger(topology: topology, host: host)
        doomed = Self.doomedLinks(
            declared: declaration.state, observed: observed, known: known, takesOver: takesOver)
    }

    func plan(locate: ([JSONPointer]) -> [JSONPointer: String]) -> Plan {
        let steps = ordered(self.steps)
        let pointers = declaration.pointers(to: steps.lazy.map { ($0.identity, $0.netns) })
        let blamed = obstacles.map { obstacle in
            obstacle.declared.flatMap { declaration.pointer(to: $0, in: obstacle.netns) }
        }
        let wanting = missingLinks.map { declaration.pointer(to: $0.identity, in: $0.netns) }
        let places = locate((pointers + blamed + wanting).compactMap { $0 })

        // Many in a row stand in one place.
        var last: (pointer: JSONPointer, place: String?)?
        let changes = zip(steps, pointers).map { step, pointer in
            if let pointer, pointer != last?.pointer { last = (pointer, places[pointer]) }
            let source = step.after == nil || pointer == nil ? nil : last?.place
            return Change(in: step.netns, from: step.before, to: step.after, reason: step.reason, source: source)
        }
        var plan = Plan(
            topology: ledger.topology, host: ledger.host, changes: changes, unchanged: unchanged,
            ledger: ledger)
        plan.conflicts = zip(obstacles, blamed).map { obstacle, pointer in
            Plan.Conflict(
                in: obstacle.netns, held: obstacle.held, reason: obstacle.reason,
                source: pointer.flatMap { places[$0] })
        }
        plan.foretellCasualties(in: observed, known: known)
        plan.spareForeignRoutes()
        plan.chooseNextHops(in: observed, allowsObjects: declaration.nextHops == .auto)
        plan.missingLinks = zip(missingLinks, wanting).map { missing, pointer in
            Plan.MissingLink(in: missing.netns, link: missing.link, source: pointer.flatMap { places[$0] })
        }
        return plan
    }
}
