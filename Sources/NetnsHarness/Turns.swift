import Netlink
import Synchronization

/// Which of many is next, for threads that share them. The first failure ends it.
final class Turns<Failure: Error>: Sendable {
    private struct State {
        var next = 0
        var failure: (index: Int, error: Failure)?
    }

    private let count: Int
    private let state = Mutex(State())

    init(count: Int) { self.count = count }

    /// An index that nobody has taken yet; nil if there is none, or no use any more.
    func take() -> Int? {
        state.withLock { state in
            guard state.failure == nil, state.next < count else { return nil }
            state.next += 1
            return state.next - 1
        }
    }

    /// Of several the lowest index's counts, so that equal runs fail alike.
    func fail(_ index: Int, _ error: Failure) {
        state.withLock { state in
            if state.failure.map({ index < $0.index }) ?? true { state.failure = (index, error) }
        }
    }

    var failure: Failure? { state.withLock { $0.failure?.error } }
}

/// Does `own` on the calling thread, and `others` on so many further ones at the same time; waits for all.
func withFurtherThreads(
    _ count: Int, _ others: @escaping @Sendable () -> Void, _ own: () -> Void
) throws(SystemError) {
    // A running thread cannot be copied, and so be kept in no array: each call waits for one.
    guard count > 0 else { return own() }
    let thread = try RunningThread { others() }
    let result = Result { () throws(SystemError) in try withFurtherThreads(count - 1, others, own) }
    _ = thread.join()
    try result.get()
}
