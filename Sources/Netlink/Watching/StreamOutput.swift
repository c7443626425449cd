import CLinux
import Glibc

/// A file or a pipe that is written to for as long as somebody wants it, without standing still for a reader that does not
/// read.
package struct StreamOutput: ~Copyable {
    package enum Outcome: Hashable, Sendable {
        case written
        /// Nobody can read it any more.
        case unwanted
        /// A signal came, and the reader did not go on within a second.
        case stalled
    }

    /// A pipe that is ready takes so many bytes without anybody waiting: `PIPE_BUF`, pipe(7).
    private static let portion = 4096

    package let descriptor: OwnedFileDescriptor
    private let name: String

    private init(_ descriptor: consuming OwnedFileDescriptor, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// What was in the file goes.
    package static func file(_ path: String) throws(SystemError) -> StreamOutput {
        StreamOutput(try .open(path, O_WRONLY | O_CREAT | O_TRUNC), name: path)
    }

    package static func standard() throws(SystemError) -> StreamOutput {
        let raw = try systemCall("duplicate standard output") { fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3) }
        return StreamOutput(OwnedFileDescriptor(owning: raw), name: "standard output")
    }

    /// Writes all of `bytes`.
    ///
    /// - `signals`: one that waits there is left there, and hurries this.
    package func write(
        _ bytes: [UInt8], hurriedBy signals: borrowing SignalQueue
    ) throws(SystemError) -> Outcome {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard try isReady(signals) else { return .stalled }
            let portion = rest.prefix(Self.portion)
            let count = unsafe portion.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor.rawValue, bytes.baseAddress, bytes.count)
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EPIPE {
                return .unwanted
            } else if errno != EINTR && errno != EAGAIN {
                throw SystemError("write \(name)")
            }
        }
        return .written
    }

    private func isReady(_ signals: borrowing SignalQueue) throws(SystemError) -> Bool {
        var events = [
            pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: signals.descriptor.rawValue, events: Int16(POLLIN), revents: 0),
        ]
        try systemCall("wait for the reader of \(name)") { unsafe poll(&events, 2, -1) }
        if events[0].revents != 0 { return true }
        return try systemCall("wait for the reader of \(name)") { unsafe poll(&events, 1, 1000) } > 0
    }
}
