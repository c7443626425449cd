import Glibc

/// An exclusive lock on a file (flock(2)), held until this value goes away or its process dies.
///
/// The file says who holds it, for whoever finds it locked.
package struct FileLock: ~Copyable, Sendable {
    package enum Attempt: ~Copyable {
        case acquired(FileLock)
        /// Another holds it; `note` is what that one wrote.
        case held(note: String)
    }

    private let descriptor: OwnedFileDescriptor

    /// Said outright, because closing is not enough: a child process that has been forked and has not begun its program
    /// yet still has the file open, and with it the lock.
    deinit {
        _ = flock(descriptor.rawValue, LOCK_UN)
    }

    /// Tries for as long as `timeout`, then gives up. The holder leaves `note` in the file.
    package static func acquire(_ path: String, timeout: Duration, note: String) throws(SystemError) -> Attempt {
        let descriptor = try OwnedFileDescriptor.open(path, O_RDWR | O_CREAT)
        let deadline = ContinuousClock.now + timeout
        while flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw SystemError("lock \(path)") }
            if ContinuousClock.now >= deadline { return .held(note: try descriptor.readAll(path)) }
            // flock(2) knows no timeout, and an alarm signal would belong to the whole process.
            usleep(10_000)
        }
        try systemCall("truncate \(path)") { ftruncate(descriptor.rawValue, 0) }
        try descriptor.writeAll(note, path)
        return .acquired(FileLock(descriptor: descriptor))
    }
}
