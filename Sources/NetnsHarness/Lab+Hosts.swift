import Applier
import Compiler
import Netlink
import NetworkState
import Synchronization

/// Converging the hosts of a lab. None depends on another, so several processors share them.
extension Lab {
    /// More would wait for the kernel's one lock on links and routes.
    private static let mostThreads = 4

    /// - `isNew`: whether the lab is just being built, and ends with this process until it is.
    /// - `pins`: neighbours that each host and its containers are told as soon as they are there.
    func convergeHosts(
        isNew: Bool = false, pins: HostState = HostState(), _ progress: (String) -> Void
    ) throws(ApplyError) {
        let turns = HostTurns(count: topology.hosts.count, isNew: isNew, pins: pins)
        let threads = min(Self.mostThreads, ThisProcess.processorCount, topology.hosts.count)
        try share(turns, among: threads, progress)
        if let failure = turns.failure { throw failure }
    }

    /// The hosts of a lab that is just being built, with neighbours that would overflow the kernel's table. Nobody looks at
    /// those: the kernel has one table for all namespaces, and each dump walks the whole of it.
    func convergeHosts(pinning pins: Declaration, _ progress: (String) -> Void) throws(ApplyError) {
        let file = managedPart("neighbours", isNew: true).ledger
        let ledger = Ledger(topology: topology.name, host: "neighbours", entries: pins.state)
        let writing = try systems { () throws(SystemError) in
            try RunningThread { Result { () throws(ApplyError) in try file.write(ledger) } }
        }
        let result = Result { () throws(ApplyError) in
            try convergeHosts(isNew: true, pins: pins.state, progress)
        }
        let written = writing.join()
        try result.get()
        try systems { () throws(SystemError) in try written.get() }.get()
    }

    /// Has `threads` of them take turns, this one included, which alone tells of its progress.
    private func share(
        _ turns: HostTurns, among threads: Int, _ progress: (String) -> Void
    ) throws(ApplyError) {
        guard threads > 1 else { return convergeHosts(taking: turns, progress) }
        let lab = self
        let helper = try systems { () throws(SystemError) in
            try RunningThread { lab.convergeHosts(taking: turns) { _ in } }
        }
        let result = Result { () throws(ApplyError) in try share(turns, among: threads - 1, progress) }
        _ = helper.join()
        try result.get()
    }

    private func convergeHosts(taking turns: HostTurns, _ progress: (String) -> Void) {
        while let index = turns.take() {
            let host = topology.hosts[index]
            progress("host \(host.name) (\(index + 1)/\(topology.hosts.count))")
            do throws(ApplyError) {
                var managed = managedHost(host.name, endsWithProcess: turns.isNew)
                try managed.converge(to: CompiledHost(topology, host: index, source: source))
                try managed.add(host.changes(pinning: turns.pins))
                try managed.noticeCarriers()
            } catch { turns.fail(index, error) }
        }
    }
}

extension ValidTopology.Host {
    /// Of `pins`, which know every node by its name, the host's own and its containers'.
    fileprivate func changes(pinning pins: HostState) -> [Change] {
        guard !pins.namespaces.isEmpty else { return [] }
        let places = [(Netns.named(name), Netns.own)] + containers.map { (.named($0.name), $0.netns) }
        return places.flatMap { place, netns in
            (pins.namespaces[place]?.neighbours.sorted ?? []).map { Change(in: netns, from: nil, to: .neighbour($0)) }
        }
    }
}

/// Which host is next, for threads that share them. The first failure ends it.
private final class HostTurns: Sendable {
    private struct State {
        var next = 0
        var failure: (index: Int, error: ApplyError)?
    }

    let isNew: Bool
    let pins: HostState
    private let count: Int
    private let state = Mutex(State())

    init(count: Int, isNew: Bool, pins: HostState) {
        (self.count, self.isNew, self.pins) = (count, isNew, pins)
    }

    func take() -> Int? {
        state.withLock { state in
            guard state.failure == nil, state.next < count else { return nil }
            state.next += 1
            return state.next - 1
        }
    }

    /// Of several the first host's counts, so that equal labs fail alike.
    func fail(_ index: Int, _ error: ApplyError) {
        state.withLock { state in
            if state.failure.map({ index < $0.index }) ?? true { state.failure = (index, error) }
        }
    }

    var failure: ApplyError? { state.withLock { $0.failure?.error } }
}
