import Glibc

/// Network namespaces that one of several labs has for itself, by a lock on each (flock(2)), until this value goes away or its process
/// dies.
///
/// Whoever wants several has to ask for them in one order, that of their identities: else two could wait for each other.
package final class NamespaceTurn {
    private var descriptors: [CInt] = []

    package init() {}

    /// Waits until nobody else has `namespace`.
    ///
    /// - `waiting`: is told that it takes a while.
    package func take(_ namespace: borrowing NetworkNamespace, waiting: () -> Void) throws(SystemError) {
        let raw = namespace.descriptor.rawValue
        let descriptor = try systemCall("keep network namespace") { fcntl(raw, F_DUPFD_CLOEXEC, 3) }
        descriptors.append(descriptor)
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
        guard errno == EWOULDBLOCK else { throw SystemError("lock network namespace") }
        waiting()
        try systemCall("lock network namespace") { flock(descriptor, LOCK_EX) }
    }

    /// Closing is not enough: the namespace is open elsewhere too, and the lock is that file's.
    deinit {
        for descriptor in descriptors {
            _ = flock(descriptor, LOCK_UN)
            close(descriptor)
        }
    }
}
