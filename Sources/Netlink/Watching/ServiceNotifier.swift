import CLinux
import Glibc

/// What the service manager that started this process wants to hear: sd_notify(3), without its library.
package struct ServiceNotifier: ~Copyable {
    private let descriptor: OwnedFileDescriptor
    /// How often to say that all is well, if it is to be said: half of what the manager allows, as sd_watchdog_enabled(3)
    /// has it.
    package let watchdogPeriod: Duration?

    /// Nil where nobody wants to hear anything. Connects at once: what is at the path may be out of sight later.
    package init?() throws(SystemError) {
        guard let address = ThisProcess.variable("NOTIFY_SOCKET") else { return nil }
        descriptor = try Self.connect(to: address)
        watchdogPeriod = Self.watchdogPeriod
    }

    private static var watchdogPeriod: Duration? {
        if let process = ThisProcess.variable("WATCHDOG_PID"), process != String(ThisProcess.ownNumber) { return nil }
        return ThisProcess.variable("WATCHDOG_USEC").flatMap(Int64.init).map { .microseconds($0 / 2) }
    }

    /// A name that begins with `@` is no file's, but one of the abstract ones: unix(7).
    private static func connect(to name: String) throws(SystemError) -> OwnedFileDescriptor {
        let operation = "reach the service manager at \(name)"
        let isAbstract = name.hasPrefix("@")
        let path = isAbstract ? [0] + Array(name.utf8.dropFirst()) : Array(name.utf8) + [0]
        guard path.count <= 108 else { throw SystemError(operation, errno: ENAMETOOLONG) }
        let family = UInt16(AF_UNIX)
        let address = [UInt8(truncatingIfNeeded: family), UInt8(family >> 8)] + path
        let type = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        let raw = try systemCall(operation) { socket(AF_UNIX, type, 0) }
        let opened = OwnedFileDescriptor(owning: raw)
        try systemCall(operation) {
            unsafe address.withUnsafeBytes { bytes in
                unsafe Glibc.connect(
                    raw, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
            }
        }
        return opened
    }

    /// `READY=1`, `STATUS=…`. A manager that does not listen is the manager's loss.
    package func tell(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe send(descriptor.rawValue, bytes, bytes.count, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT))
    }
}
