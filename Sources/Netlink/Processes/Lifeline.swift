import CLinux
import Glibc

/// What a process must not outlive.
package struct Lifeline: ~Copyable {
    package let descriptor: OwnedFileDescriptor

    /// The process that started this one, if that still is `id`. Nil if it has ended: whoever reads getppid(2) too late
    /// would hold on to the one that adopts orphans, so the number has to come from the parent itself.
    package init?(parent id: CInt) {
        let raw = clinux_pidfd_open(id)
        guard raw >= 0 else { return nil }
        let process = OwnedFileDescriptor(owning: raw)
        guard getppid() == id else { return nil }
        descriptor = process
    }

    /// Any process whose number is known to be its own still, as that of who holds a lock. Nil if it has ended.
    package init?(process id: CInt) {
        let raw = clinux_pidfd_open(id)
        guard raw >= 0 else { return nil }
        descriptor = OwnedFileDescriptor(owning: raw)
    }

    /// Until the last writer of the pipe that `reading` is an end of has gone, or has written something.
    package init(pipe reading: CInt) throws(SystemError) {
        descriptor = OwnedFileDescriptor(
            owning: try systemCall("duplicate a lifeline") { fcntl(reading, F_DUPFD_CLOEXEC, 3) })
    }
}
