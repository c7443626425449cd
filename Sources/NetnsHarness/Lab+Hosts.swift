import Applier
import Compiler
import Netlink
import Synchronization

/// Converging the hosts of a lab. None depends on another, so several processors share them.
extension Lab {
    /// More would wait for the kernel's one lock on links and routes.
    private static let mostThreads = 4

    /// - `isNew`: whether the lab is just being built, and ends with this process until it is.
    func convergeHosts(isNew: Bool = false, _ progress: (String) -> Void) throws(ApplyError) {
        let turns = HostTurns(count: topology.hosts.count)
        let threads = min(Self.mostThreads, ThisProcess.processorCount, topology.hosts.count)
        try share(turns, among: threads, isNew: isNew, progress)
        if let failure = turns.failure { throw failure }
    }

    /// Has `threads` of them take turns, this one included, which alone tells of its progress.
    private func share(
        _ turns: HostTurns, among threads: Int, isNew: Bool, _ progress: (String) -> Void
    ) throws(ApplyError) {
        guard threads > 1 else { return convergeHosts(taking: turns, isNew: isNew, progress) }
        let lab = self
        let helper = try systems { () throws(SystemError) in
            try RunningThread { lab.convergeHosts(taking: turns, isNew: isNew) { _ in } }
        }
        do throws(ApplyError) { try share(turns, among: threads - 1, isNew: isNew, progress) } catch {
            _ = helper.join()
            throw error
        }
        _ = helper.join()
    }

    private func convergeHosts(taking turns: HostTurns, isNew: Bool, _ progress: (String) -> Void) {
        while let index = turns.take() {
            let host = topology.hosts[index]
            progress("host \(host.name) (\(index + 1)/\(topology.hosts.count))")
            do throws(ApplyError) {
                var managed = managedHost(host.name, endsWithProcess: isNew)
                try managed.converge(to: CompiledHost(topology, host: index, source: source))
            } catch { turns.fail(index, error) }
        }
    }
}

/// Which host is next, for threads that share them. The first failure ends it.
private final class HostTurns: Sendable {
    private struct State {
        var next = 0
        var failure: (index: Int, error: ApplyError)?
    }

    private let count: Int
    private let state = Mutex(State())

    init(count: Int) { self.count = count }

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
