import CLinux
import Glibc

/// A TCP port that others connect to. Nothing here ever waits.
package struct StreamListener: ~Copyable {
    package let descriptor: OwnedFileDescriptor

    /// Listens in the calling thread's network namespace.
    ///
    /// - `name`: what the user calls the address.
    package init(at address: SocketAddress, name: String) throws(SystemError) {
        let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let raw = try systemCall("listen on \(name)") { socket(address.family.domain, type, 0) }
        let opened = OwnedFileDescriptor(owning: raw)
        var on: CInt = 1
        // Connections of a process before this one keep the port for minutes.
        _ = unsafe setsockopt(raw, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<CInt>.size))
        try systemCall("listen on \(name)") { unsafe address.withPointer { unsafe bind(raw, $0, $1) } }
        try systemCall("listen on \(name)") { listen(raw, SOMAXCONN) }
        descriptor = opened
    }

    /// The next one that waits, or nil.
    package func accept() -> StreamConnection? {
        let raw = clinux_accept_nonblocking(descriptor.rawValue, nil, 0)
        return raw < 0 ? nil : StreamConnection(owning: OwnedFileDescriptor(owning: raw))
    }
}

/// One who has connected. A class, because dictionaries take no noncopyable values.
package final class StreamConnection: Sendable {
    package let descriptor: OwnedFileDescriptor

    fileprivate init(owning descriptor: consuming OwnedFileDescriptor) {
        self.descriptor = descriptor
    }

    /// What has come, at most `limit` bytes; nil if the other side has closed or failed, empty if nothing has come.
    package func read(atMost limit: Int) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: limit)
        let count = unsafe recv(descriptor.rawValue, &buffer, limit, 0)
        if count > 0 { return Array(buffer[..<count]) }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? [] : nil
    }

    /// How many of `bytes` the kernel takes now; nil if the other side does not want them any more.
    package func write(_ bytes: ArraySlice<UInt8>) -> Int? {
        let count = unsafe bytes.withUnsafeBytes {
            unsafe send(descriptor.rawValue, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
        }
        if count >= 0 { return count }
        return errno == EAGAIN || errno == EINTR ? 0 : nil
    }
}
