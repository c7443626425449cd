import CLinux
import Glibc

/// Signals that wait to be read, in place of interrupting: signalfd(2).
package struct SignalQueue: ~Copyable {
    package enum Signal: CaseIterable, Hashable, Sendable {
        /// SIGTERM or SIGINT.
        case end
        /// SIGHUP.
        case reload
        /// SIGUSR1.
        case report

        fileprivate init?(number: UInt32) {
            switch CInt(number) {
            case SIGTERM, SIGINT: self = .end
            case SIGHUP: self = .reload
            case SIGUSR1: self = .report
            default: return nil
            }
        }
    }

    package let descriptor: OwnedFileDescriptor

    /// Blocks the four signals in this thread and in those that it will start, so call it before there are others.
    package init() throws(SystemError) {
        var mask = sigset_t()
        unsafe sigemptyset(&mask)
        for signal in [SIGTERM, SIGINT, SIGHUP, SIGUSR1] { unsafe sigaddset(&mask, signal) }
        let code = unsafe pthread_sigmask(SIG_BLOCK, &mask, nil)
        guard code == 0 else { throw SystemError("block signals", errno: code) }
        let flags = CInt(SFD_CLOEXEC | SFD_NONBLOCK)
        descriptor = OwnedFileDescriptor(
            owning: try systemCall("queue signals") { unsafe signalfd(-1, &mask, flags) })
    }

    /// The next one, should it come within `milliseconds`.
    package func next(within milliseconds: CInt) throws(SystemError) -> Signal? {
        let raw = descriptor.rawValue
        var event = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
        let count = try systemCall("wait for a signal") { unsafe poll(&event, 1, milliseconds) }
        return count > 0 ? next() : nil
    }

    /// The next one that waits.
    package func next() -> Signal? {
        var info = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        guard unsafe read(descriptor.rawValue, &info, size) == size else { return nil }
        return Signal(number: info.ssi_signo)
    }
}
