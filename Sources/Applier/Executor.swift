import Glibc
import Netlink
import NetworkState

/// Makes changes in their order. Requests to one namespace share a send; whatever else there is to do waits for the
/// requests before it.
struct Executor {
    enum Mode {
        /// Towards what is declared: stops with the first send that has a refusal.
        case applying
        /// Back to what was observed: goes on whatever fails, and clears what was not set.
        case restoring
    }

    /// A change, or half of one that replaces.
    struct Step {
        let change: Change
        /// The place of the change among all.
        let origin: Int
    }

    let namespaces: OpenNamespaces
    let mode: Mode
    let steps: [Step]
    private var batch = MessageBatch()
    /// For each request in `batch`, the steps it belongs to.
    private var senders: [Range<Int>] = []
    /// Where `batch` goes.
    private var destination: OpenNamespace?
    private(set) var failures: [ApplyError.Failure] = []
    /// The places of the changes of which the kernel took at least a part.
    private(set) var begun: [Bool]
    /// Links that were not there before.
    var madeLinks: Set<ResourcePlace> = []

    private init(_ changes: [Change], _ mode: Mode, _ namespaces: OpenNamespaces) {
        self.namespaces = namespaces
        self.mode = mode
        begun = Array(repeating: false, count: changes.count)
        var steps: [Step] = []
        steps.reserveCapacity(changes.count)
        for (origin, change) in changes.enumerated() {
            // A list for each of a hundred thousand is dear.
            if change.action == .replace {
                steps += change.halves.map { Step(change: $0, origin: origin) }
            } else {
                steps.append(Step(change: change, origin: origin))
            }
        }
        self.steps = steps
    }

    static func run(_ changes: [Change], _ mode: Mode, in namespaces: OpenNamespaces) -> Executor {
        var executor = Executor(changes, mode, namespaces)
        executor.run()
        return executor
    }

    var goesOn: Bool { mode == .restoring || failures.isEmpty }

    private mutating func run() {
        var rest = steps.indices
        while let first = rest.first, goesOn {
            let (netns, means) = (steps[first].change.netns, steps[first].change.means)
            let group = rest.prefix { steps[$0].change.netns == netns && steps[$0].change.means == means }
            if means != .requests, means != .settings { flush() }
            if goesOn { perform(group, by: means) }
            rest = rest.dropFirst(group.count)
        }
        flush()
    }

    private mutating func perform(_ group: Range<Int>, by means: Change.Means) {
        switch means {
        case .namespace: for step in group where goesOn { changeNamespace(step) }
        case .settings: write(group)
        case .newLinks: add(group)
        case .tables: translate(group)
        case .requests: for step in inKernelOrder(group) where goesOn { compose(step) }
        }
    }

    /// Adds a request of `step` to those that wait; a full send is sent.
    mutating func append(_ message: Message, of step: Int, to namespace: OpenNamespace) {
        append(message, of: step..<step + 1, to: namespace)
    }

    /// The same of a request that does what several steps are about.
    mutating func append(_ message: Message, of steps: Range<Int>, to namespace: OpenNamespace) {
        if destination !== namespace { flush() }
        destination = namespace
        batch.append(message)
        senders.append(steps)
        if batch.isFull { flush() }
    }

    /// Sends what waits, and remembers what was refused.
    mutating func flush() {
        guard let destination, !batch.isEmpty else { return }
        namespaces.modifyingMessageCount += batch.count
        do throws(NetlinkError) {
            let refusals = try destination.execute(batch)
            let refused = Set(refusals.map(\.index))
            for (index, steps) in senders.enumerated() where !refused.contains(index) { steps.forEach { begin($0) } }
            for refusal in refusals { refuse(senders[refusal.index].lowerBound, refusal.error) }
        } catch {
            // What became of each is unknown, so all of it may have to be undone.
            for steps in senders { steps.forEach { begin($0) } }
            senders.first.map { fail($0.lowerBound, .netlink(error)) }
        }
        batch.removeAll()
        senders.removeAll(keepingCapacity: true)
    }

    mutating func begin(_ step: Int) {
        begun[steps[step].origin] = true
    }

    mutating func fail(_ step: Int, _ cause: ApplyError.Cause) {
        failures.append(ApplyError.Failure(change: steps[step].change, cause: cause))
    }

    private mutating func refuse(_ step: Int, _ error: NetlinkError) {
        let change = steps[step].change
        // Something else took it along, as a link does its routes: it is gone, and that was the aim.
        if change.after == nil, error.saysNotThere { return }
        if error.errno == ENODEV, let link = change.after?.missingLink {
            fail(step, .missingLink(link))
        } else {
            fail(step, .netlink(error))
        }
    }
}

extension Change {
    /// What it takes to make a change; those that take the same can be made together.
    enum Means {
        case namespace, newLinks, settings, tables, requests
    }

    var means: Means {
        switch (after, before) {
        case (.netns, _), (nil, .netns): .namespace
        case (.sysctl, _), (nil, .sysctl): .settings
        case (.link, nil): .newLinks
        case (.table, _), (nil, .table): .tables
        default: .requests
        }
    }

    /// A replacement is a removal and an addition.
    fileprivate var halves: [Change] {
        [
            Change(in: netns, from: before, to: nil, reason: reason, source: source),
            Change(in: netns, from: nil, to: after, reason: reason, source: source),
        ]
    }
}

extension Resource {
    /// The link that is not there if the kernel knows no such device; nil for what may be about several.
    fileprivate var missingLink: LinkName? {
        switch self {
        case .link(let link): link.name
        case .sysctl(let sysctl): sysctl.device
        case .netns, .address, .neighbour, .fdb, .nextHop, .route, .table: nil
        }
    }
}
