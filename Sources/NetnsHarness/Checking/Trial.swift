import Applier
import Compiler
import Netlink
import NetworkState

/// A lab put to the proof: what it is like at first, and after each event that its topology tells of.
struct Trial {
    private let lab: Lab
    private let plan: CheckPlan
    /// What to find out at first.
    private let list: CheckList
    private let places: CheckPlaces
    private let keepsPackets: Bool
    /// The events that have happened so far.
    private var past: BadWires.Past = []

    private(set) var outcomes = Packed<ProbeOutcome>()
    private(set) var checks = Packed<Check>()
    private(set) var findings: [Finding] = []
    /// Of the first look's probes, from opening their sockets to the last outcome.
    private(set) var probeTime: Duration?

    /// - `keepsPackets`: whether what failed is looked at once more, for evidence.
    init(_ lab: Lab, plan: CheckPlan, _ list: CheckList, keepsPackets: Bool) {
        self.lab = lab
        self.plan = plan
        self.list = list
        self.keepsPackets = keepsPackets
        places = CheckPlaces(lab.topology, in: lab.source)
    }

    mutating func run(_ progress: (String) -> Void) throws(ApplyError) {
        let look = round(list, on: lab, after: nil)
        let first = try systems { () throws(SystemError) in try look.run() }
        outcomes = first.outcomes
        probeTime = first.probeTime
        checks = first.checks
        checks += plan.unlooked(lab.topology.expectations, places) + plan.leftOut(lab.topology.expectations, places)
        try diagnose(first, of: look, progress)
        if lab.topology.events.isEmpty { return }
        let held = list.keeping(first)
        var run = EventRun(lab)
        for event in lab.topology.events {
            progress("event: \(event.name)")
            try pass(event, held, &run, progress)
        }
        try systems { () throws(SystemError) in try run.end() }
    }

    /// Before anything else changes.
    private mutating func diagnose(
        _ result: CheckRound.Result, of look: CheckRound, _ progress: (String) -> Void
    ) throws(ApplyError) {
        let suspicions = Suspicion.all(in: result)
        if suspicions.isEmpty { return }
        progress("looking for the culprit")
        let event = look.event
        var diagnosis = Diagnosis(look.lab, after: event, past: past, repeating: keepsPackets ? look : nil)
        let found = try diagnosis.findings(suspicions)
        findings += found
        let all = outcomes
        outcomes.revise { index in
            var rest = all.rest(at: index)
            guard rest.event == event, rest.sight == nil, let finding = found.first(where: { $0.isAbout(all[index]) })
            else { return nil }
            let probe = all[index].probe
            let sight = Sight(Journey(sightings: finding.packets), isKept: true)
            rest.sight = ProbeOutcome.SightRest(sight, from: probe.from, to: probe.to)
            return rest
        }
    }

    private func round(_ list: CheckList, on lab: Lab, after event: String?) -> CheckRound {
        CheckRound(lab: lab, list: list, nodes: lab.topology.probeNodes, event: event, places: places)
    }
}

// Events.
extension Trial {
    /// How long to wait for answers while the network is finding its way: another look follows.
    private static let impatience = ProbePatience(
        forAnswer: [.milliseconds(200)], forSilence: [.milliseconds(100), .milliseconds(100)])

    private mutating func pass(
        _ event: ValidTopology.Event, _ held: CheckList, _ run: inout EventRun, _ progress: (String) -> Void
    ) throws(ApplyError) {
        let watch = LossWatch(lab, event)
        var obstacle: EventRun.Obstacle?
        var settling: Settling?
        let tallies = try watch.during { () throws(ApplyError) in
            obstacle = try run.perform(event.action)
            guard obstacle == nil else { return }
            settling = try settle(after: event, held, on: run.present)
        }
        if let obstacle {
            let status = obstacle.isLack ? Check.Status.skipped(reason: obstacle.text) : .failed
            return checks.append(convergence(of: event, status, observed: obstacle.isLack ? nil : obstacle.text))
        }
        past.append((event, places[event.pointer]))
        if let settling {
            note(settling, of: event)
            checks += plan.unlooked(
                event.expectations ?? [], missing: run.present.missing(from: lab), after: event.name, places)
            checks += plan.leftOut(event.expectations ?? [], after: event.name, places)
            try diagnose(settling.result, of: settling.look, progress)
        }
        let losses = watch.checks(tallies, place: places[event.pointer])
        checks += losses
        try explain(losses.filter(\.isFailed), of: event, on: run.present, settling?.look)
    }

    private mutating func explain(
        _ losses: [Check], of event: ValidTopology.Event, on present: Lab, _ look: CheckRound?
    ) throws(ApplyError) {
        let unexplained = losses.filter { loss in
            !findings.contains { $0.event == event.name && $0.from == loss.from && $0.to == loss.to }
        }
        if unexplained.isEmpty { return }
        let diagnosis = Diagnosis(present, after: event.name, past: past, repeating: keepsPackets ? look : nil)
        for loss in unexplained {
            findings.append(try diagnosis.finding(of: loss, by: event, place: places[event.pointer]))
        }
    }

    /// What came of waiting for a network to be as it should after an event.
    private struct Settling {
        let look: CheckRound
        let result: CheckRound.Result
        /// From the event's end to the look that found everything as it should be; nil if none did in time.
        let time: Duration?
    }

    private func settle(
        after event: ValidTopology.Event, _ held: CheckList, on present: Lab
    ) throws(ApplyError) -> Settling {
        let list = (event.expectations.map(plan.list) ?? held).without(present.missing(from: lab))
        let look = round(list, on: present, after: event.name)
        let start = MonotonicTime.now
        let deadline = start + event.within
        return try systems { () throws(SystemError) in
            while true {
                let begun = MonotonicTime.now
                if try look.run(patience: Self.impatience, stopsEarly: true).isAsExpected {
                    // What held for a moment has to hold when it is asked for in earnest.
                    let result = try look.run()
                    if result.isAsExpected { return Settling(look: look, result: result, time: begun - start) }
                }
                if MonotonicTime.now >= deadline { return Settling(look: look, result: try look.run(), time: nil) }
                (MonotonicTime.now + .milliseconds(10)).await()
            }
        }
    }

    /// Of an event that says what it expects, everything is told; else only what is not as before.
    private mutating func note(_ settling: Settling, of event: ValidTopology.Event) {
        let observed = settling.time.map { "after \($0.text)" }
        checks.append(
            convergence(of: event, settling.time == nil ? .failed : .passed, observed: observed ?? "not in that time"))
        let told = settling.result.outcomes.lazy.filter { event.expectations != nil || !$0.isAsExpected }
        outcomes += told.map { $0.after(event.name) }
        checks += settling.result.checks.lazy.filter { event.expectations != nil || $0.status != .passed }
    }

    private func convergence(
        of event: ValidTopology.Event, _ status: Check.Status, observed: String?
    ) -> Check {
        Check(
            kind: .convergence, from: event.action.subject,
            expected: (event.expectations == nil ? "as before" : "as said") + " within \(event.within.text)",
            observed: observed, status: status, event: event.name, place: places[event.pointer])
    }
}

extension ProbeOutcome {
    fileprivate func after(_ event: String) -> ProbeOutcome {
        var outcome = self
        outcome.event = event
        return outcome
    }
}

extension Finding {
    /// Whether what was seen of its packet tells what became of the probe's.
    fileprivate func isAbout(_ outcome: ProbeOutcome) -> Bool {
        let probe = outcome.probe
        return !outcome.isAsExpected && probe.protocol == `protocol` && probe.from == from && probe.to == to
            && probe.address == address
    }
}
