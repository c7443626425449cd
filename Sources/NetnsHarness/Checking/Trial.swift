import Applier
import Compiler
import Netlink
import NetworkState

/// A lab put to the proof: what it is like at first, and after each event that its topology tells of.
struct Trial {
    private let lab: Lab
    private let plan: CheckPlan
    private let places: CheckPlaces

    private(set) var outcomes: [ProbeOutcome] = []
    private(set) var checks: [Check] = []
    private(set) var findings: [Finding] = []

    init(_ lab: Lab, plan: CheckPlan) {
        self.lab = lab
        self.plan = plan
        places = CheckPlaces(lab.topology, in: lab.source)
    }

    mutating func run(_ progress: (String) -> Void) throws(ApplyError) {
        let list = plan.list
        let first = try systems { () throws(SystemError) in try round(list, on: lab, after: nil).run() }
        outcomes = first.outcomes
        checks = first.checks + plan.unlooked(lab.topology.expectations, places)
        try diagnose(first, on: lab, after: nil, progress)
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
        _ result: CheckRound.Result, on present: Lab, after event: String?, _ progress: (String) -> Void
    ) throws(ApplyError) {
        if result.isAsExpected { return }
        progress("looking for the culprit")
        var diagnosis = Diagnosis(present, after: event)
        findings += try diagnosis.findings(result)
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
        var failure: String?
        var settling: Settling?
        let tallies = try watch.during { () throws(ApplyError) in
            failure = try run.perform(event.action)
            guard failure == nil else { return }
            settling = try settle(after: event, held, on: run.present)
        }
        if let failure { return checks.append(convergence(of: event, .failed, observed: failure)) }
        if let settling {
            note(settling, of: event)
            checks += plan.unlooked(
                event.expectations ?? [], missing: run.present.missing(from: lab), after: event.name, places)
            try diagnose(settling.result, on: run.present, after: event.name, progress)
        }
        checks += watch.checks(tallies, place: places[event.pointer])
    }

    /// What came of waiting for a network to be as it should after an event.
    private struct Settling {
        let result: CheckRound.Result
        /// From the event's end to the look that found everything as it should be; nil if none did in time.
        let time: Duration?
    }

    private func settle(
        after event: ValidTopology.Event, _ held: CheckList, on present: Lab
    ) throws(ApplyError) -> Settling {
        let list = (event.expectations.map(plan.list) ?? held).without(present.missing(from: lab))
        let start = MonotonicTime.now
        let deadline = start + event.within
        return try systems { () throws(SystemError) in
            while true {
                let begun = MonotonicTime.now
                let look = round(list, on: present, after: event.name)
                if try look.run(patience: Self.impatience, stopsEarly: true).isAsExpected {
                    // What held for a moment has to hold when it is asked for in earnest.
                    let result = try look.run()
                    if result.isAsExpected { return Settling(result: result, time: begun - start) }
                }
                if MonotonicTime.now >= deadline { return Settling(result: try look.run(), time: nil) }
                (MonotonicTime.now + .milliseconds(10)).await()
            }
        }
    }

    /// Of an event that says what it expects, everything is told; else only what is not as before.
    private mutating func note(_ settling: Settling, of event: ValidTopology.Event) {
        let observed = settling.time.map { "after \($0.text)" }
        checks.append(
            convergence(of: event, settling.time == nil ? .failed : .passed, observed: observed ?? "not in that time"))
        outcomes += settling.result.outcomes.filter { event.expectations != nil || !$0.isAsExpected }
        checks += settling.result.checks.filter { event.expectations != nil || $0.status != .passed }
    }

    private func convergence(
        of event: ValidTopology.Event, _ status: Check.Status, observed: String
    ) -> Check {
        Check(
            kind: .convergence, from: event.action.subject,
            expected: (event.expectations == nil ? "as before" : "as said") + " within \(event.within.text)",
            observed: observed, status: status, event: event.name, place: places[event.pointer])
    }
}
