import Compiler
import Netlink
import NetworkState

/// The life of a probe: attempts until there is an answer, a reason or no more patience.
extension ProbeRun {
    mutating func enqueue(_ probe: Int) {
        if probes.protocol(at: probe) == .tcp {
            connections.append(probe, from: sources[probe])
        } else {
            datagrams.append(probe, from: sources[probe])
        }
    }

    /// Starts an attempt, which has just been taken from its queue.
    mutating func begin(_ probe: Int) {
        let now = MonotonicTime.now
        progress[probe].attempts += 1
        progress[probe].isUnderWay = true
        let attempt = Int(progress[probe].attempts)
        let timeout = patience.timeouts(expecting: probes.isExpected(at: probe))[attempt - 1]
        timeouts.schedule(probe, attempt: attempt, at: now, after: timeout)
        settlings.schedule(probe, attempt: attempt, at: now, after: Self.settling)
    }

    /// Learns why `probe` will not be answered. That ends a probe which should not be; another is tried again when its
    /// time is up, for the cause may pass.
    mutating func note(_ cause: ProbeCause, for probe: Int) {
        guard !progress[probe].isConcluded else { return }
        causes[probe] = cause
        if !probes.isExpected(at: probe) { conclude(probe, isReachable: false) }
    }

    /// Takes the answer to a question of `probe`'s; `roundTrip` is in microseconds.
    mutating func answer(_ probe: Int, after roundTrip: Int, seen: IPAddress?) {
        guard !progress[probe].isConcluded else { return }
        progress[probe].roundTrip = Int32(clamping: roundTrip)
        progress[probe].seenSource = seen.map { seenSources.number(of: $0) } ?? .max
        conclude(probe, isReachable: true)
    }

    private mutating func conclude(_ probe: Int, isReachable: Bool) {
        leave(probe)
        progress[probe].isConcluded = true
        progress[probe].isReachable = isReachable
        unconcluded -= 1
    }

    /// Keeps the connection that an attempt has started.
    mutating func keep(_ socket: ProbeSocket, for probe: Int, hasAsked: Bool) -> UInt64 {
        let token = endpoints.insert(Endpoint(socket: socket, role: .outgoing(probe: probe, hasAsked: hasAsked)))
        connectionsOfProbes[probe] = token
        outgoingCount += 1
        return token
    }

    /// Gives back what an attempt held.
    mutating func leave(_ probe: Int) {
        if probes.protocol(at: probe) == .tcp, let connection = connectionsOfProbes.removeValue(forKey: probe) {
            endpoints[connection] = nil
            outgoingCount -= 1
        }
        settle(probe)
    }

    /// Makes room for others in the queue.
    private mutating func settle(_ probe: Int) {
        guard progress[probe].isUnderWay else { return }
        progress[probe].isUnderWay = false
        if probes.protocol(at: probe) == .tcp {
            connections.release(sources[probe])
        } else {
            datagrams.release(sources[probe])
        }
    }

    mutating func endSettlings() {
        let now = MonotonicTime.now
        while let entry = settlings.popDue(at: now) {
            if isCurrent(entry) { settle(Int(entry.probe)) }
        }
    }

    /// Ends the attempts whose time was up at `now`: next attempt, or conclusion.
    mutating func endAttempts(at now: MonotonicTime) {
        while let entry = timeouts.popDue(at: now) {
            guard isCurrent(entry) else { continue }
            let probe = Int(entry.probe)
            leave(probe)
            if entry.attempt < patience.timeouts(expecting: probes.isExpected(at: probe)).count {
                enqueue(probe)
            } else {
                conclude(probe, isReachable: false)
            }
        }
    }

    private func isCurrent(_ entry: AttemptTimers.Entry) -> Bool {
        let progress = progress[Int(entry.probe)]
        return !progress.isConcluded && UInt32(progress.attempts) == entry.attempt
    }
}
