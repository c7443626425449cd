import Applier
import Compiler
import Netlink
import NetnsHarness
import NetworkState

extension Agent {
    /// Compares the host with its topology, and does about it what is to be done.
    mutating func look(because causes: Set<Agenda.Cause>) {
        guard let target else { return }
        for cause in causes { metrics.looks[cause, default: 0] += 1 }
        if causes.contains(.overrun) {
            log.write(
                LogEntry(.overrun, .warning, reason: "the kernel's announcements were lost: looking at everything"))
        }
        watchDirectories()
        do throws(ApplyError) {
            _ = try covers(target.host.declaration.state)
            let plan = try host.plan(for: target.host)
            metrics.drift = plan.changes.count + plan.conflicts.count + plan.missingLinks.count
            switch settings.mode {
            case .observe: try tell(plan)
            case .enforce: try enforce(plan, target)
            }
            // What is left to be removed may be where nothing is declared any more.
            let interest = target.host.declaration.state.union(plan.ledger.entries)
            if try covers(interest) { agenda.note(.kernel, at: .now) }
            settle()
        } catch {
            fail(error)
        }
    }

    private mutating func covers(_ interest: HostState) throws(ApplyError) -> Bool {
        do throws(SystemError) { return try kernel.cover(interest, poller) } catch { throw .system(error, .unchanged) }
    }

    /// Says what differs, once. What is in the way of a change differs as well.
    private mutating func tell(_ plan: Plan) throws(ApplyError) {
        let obstacles = plan.conflicts.map { Change(in: $0.netns, from: $0.held, to: nil, reason: $0.reason) }
        let (new, gone) = drift.update(obstacles + plan.changes)
        for change in new {
            let action = obstacles.contains(change) ? "conflict" : change.toldAction.rawValue
            log.write(
                LogEntry(
                    .drift, .warning, object: change.logged(on: host.name), action: action,
                    reason: target?.isPending == true ? change.reason : change.found))
        }
        for change in gone { log.write(LogEntry(.resolved, object: change.logged(on: host.name))) }
        guard plan.missingLinks.isEmpty else { throw .missingLinks(plan.missingLinks, host: plan.host) }
    }

    private mutating func enforce(_ plan: Plan, _ target: Target) throws(ApplyError) {
        if metrics.drift == 0, try isRecorded(plan.ledger) {
            if target.isPending { log.write(LogEntry(.applied, object: target.name, reason: plan.summary)) }
            return
        }
        // Whoever listens in a namespace keeps it alive.
        for change in plan.changes where change.identity == .netns && change.after == nil { kernel.leave(change.netns) }
        let start = MonotonicTime.now
        do throws(ApplyError) {
            let made = try host.converge(to: target.host)
            noteEndOfFailures()
            succeed(made, after: .now - start)
        } catch {
            if !error.isOthersTurn { metrics.applies[.failed, default: 0] += 1 }
            throw error
        }
    }

    /// Whether ledger and journal say what they should: they may have been lost or damaged, or left by a run that died. An
    /// apply that waits to be confirmed is whoever confirms it's business.
    private func isRecorded(_ ledger: Ledger) throws(ApplyError) -> Bool {
        if let checkpoint = try host.ledger.journal(), checkpoint.deadline == nil { return false }
        do throws(ApplyError) {
            return try host.ledger.read() ?? Ledger(topology: ledger.topology, host: ledger.host) == ledger
        } catch {
            // The applier sets a damaged one aside.
            if case .corruptLedger = error { return false }
            throw error
        }
    }

    private mutating func succeed(_ plan: Plan, after duration: Duration) {
        if !plan.changes.isEmpty { count(duration) }
        metrics.drift = 0
        if target?.isPending == true {
            log.write(LogEntry(.applied, object: target?.name, reason: plan.summary, duration: duration))
        } else {
            repaired(plan.told, after: duration)
        }
    }

    private mutating func count(_ duration: Duration) {
        metrics.applies[.succeeded, default: 0] += 1
        metrics.applyDurations.observe(duration.seconds)
        let clock = WallClock.now
        metrics.lastApply = Double(clock.seconds) + Double(clock.milliseconds) / 1000
    }

    private mutating func repaired(_ changes: [Change], after duration: Duration) {
        for change in changes {
            metrics.repairs[change.identity.kind, default: 0] += 1
            log.write(
                LogEntry(
                    .repaired, object: change.logged(on: host.name), action: change.toldAction.rawValue,
                    reason: change.found, duration: duration))
        }
        giveWay(contention.note(changes, at: .now))
    }

    /// Leaves to someone else, for a while, what that one keeps undoing.
    private mutating func giveWay(_ verdict: (contested: [Change], delay: Duration)) {
        guard !verdict.contested.isEmpty else { return }
        let now = MonotonicTime.now
        for change in verdict.contested {
            log.write(
                LogEntry(
                    .contested, .warning, object: change.logged(on: host.name), action: "wait",
                    reason: "somebody keeps undoing it: \(change.found)\(suspects.hint(at: now))",
                    duration: verdict.delay))
        }
        agenda.holdOff(until: now + verdict.delay)
    }

    /// The host is as it should be, or what it differs in has been told.
    private mutating func settle() {
        target?.isPending = false
        noteEndOfFailures()
        for place in contention.calm(at: .now) {
            let name = [place.netns.name ?? host.name, "\(place.identity)"].filter { !$0.isEmpty }.joined(
                separator: "/")
            log.write(LogEntry(.settled, object: "\(place.identity.kind) \(name)", reason: "nobody undoes it any more"))
        }
        metrics.contested = contention.count
        if service.isReady { service.status(status) } else { service.ready(status) }
    }

    private mutating func noteEndOfFailures() {
        guard failures.clear() else { return }
        agenda.endTruce()
        log.write(LogEntry(.settled, reason: "what was in the way is over"))
    }

    private mutating func fail(_ error: ApplyError) {
        let now = MonotonicTime.now
        let (delay, isNew) = failures.note("\(error)")
        let isOthersTurn = error.isOthersTurn
        if isNew {
            log.write(
                LogEntry(
                    isOthersTurn ? .waiting : .failed, isOthersTurn ? .info : .error, object: target?.name,
                    reason: "\(error)"))
        }
        service.status("\(error)".split(separator: "\n").first.map(String.init) ?? "failed")
        if error.isFoundByLooking { agenda.retry(at: now + delay) } else { agenda.holdOff(until: now + delay) }
    }

    /// One line for people.
    var status: String {
        guard let target else { return "no topology yet" }
        let state = metrics.drift == 0 ? "as declared" : "\(metrics.drift) changes away"
        let validity = metrics.isTopologyValid ? "" : "; the topology that is there now cannot be used"
        return "host \(host.name): \(target.name), \(state)\(validity)"
    }
}

extension ApplyError {
    /// Whether someone else is at work on the host, and will be done.
    fileprivate var isOthersTurn: Bool {
        switch self {
        case .locked, .unconfirmed: true
        default: false
        }
    }

    /// Whether nothing was attempted, so that to look again as soon as something is announced is no loop: the kernel's
    /// state, or the end of another run, which leaves a new ledger and no journal.
    fileprivate var isFoundByLooking: Bool {
        switch self {
        case .conflicts, .missingLinks, .absentWorkloads, .lacking, .unobservable, .corruptLedger, .corruptJournal,
            .locked, .unconfirmed:
            true
        default: false
        }
    }
}
