import CLinux
import Glibc

/// A blocking socket none of whose calls waits for longer than ``MeasuringWindow/patience``.
struct TrafficSocket: ~Copyable, Sendable {
    private let descriptor: OwnedFileDescriptor
    private let family: SocketAddress.Family

    var raw: CInt { descriptor.rawValue }

    /// Opens one in the calling thread's network namespace.
    static func open(_ type: __socket_type, _ family: SocketAddress.Family) throws(SystemError) -> TrafficSocket {
        let flags = CInt(type.rawValue | SOCK_CLOEXEC.rawValue)
        let raw = try systemCall("open a socket") { Glibc.socket(family.domain, flags, 0) }
        let socket = TrafficSocket(descriptor: OwnedFileDescriptor(owning: raw), family: family)
        try socket.limitWaiting(to: MeasuringWindow.patience)
        return socket
    }

    func limitWaiting(to duration: Duration) throws(SystemError) {
        let (seconds, attoseconds) = duration.components
        let limit = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
        try set(SOL_SOCKET, SO_RCVTIMEO, limit)
        try set(SOL_SOCKET, SO_SNDTIMEO, limit)
    }

    /// As much room for a burst as the system grants.
    func enlargeReceiveBuffer() {
        let size: CInt = 4 << 20
        if (try? set(SOL_SOCKET, SO_RCVBUFFORCE, size)) == nil { try? set(SOL_SOCKET, SO_RCVBUF, size) }
    }

    func bind(to port: UInt16) throws(SystemError) {
        let anywhere = SocketAddress(family, bits: 0, port: port)
        try systemCall("bind port \(port)") {
            unsafe anywhere.withPointer { address, length in unsafe Glibc.bind(raw, address, length) }
        }
    }

    /// The one it is bound to.
    var localPort: UInt16 {
        get throws(SystemError) {
            var bytes = [UInt8](repeating: 0, count: SocketAddress.maximumSize)
            var length = socklen_t(bytes.count)
            try systemCall("read a socket's port") {
                unsafe bytes.withUnsafeMutableBytes { bytes in
                    unsafe getsockname(raw, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
                }
            }
            return unsafe SocketAddress(reading: bytes.span.bytes)?.port ?? 0
        }
    }

    func connect(to target: SocketAddress) throws(SystemError) {
        let code = unsafe target.withPointer { address, length in
            errnoOf { Int(unsafe Glibc.connect(raw, address, length)) }
        }
        if code == 0 { return }
        // What a blocking socket says when its time is up: socket(7), SO_SNDTIMEO.
        throw SystemError("connect to port \(target.port)", errno: code == EINPROGRESS ? ETIMEDOUT : code)
    }

    func accept() throws(SystemError) -> TrafficSocket {
        let accepted = try systemCall("accept a connection") { Glibc.accept(raw, nil, nil) }
        let socket = TrafficSocket(descriptor: OwnedFileDescriptor(owning: accepted), family: family)
        try systemCall("keep a connection from children") { fcntl(accepted, F_SETFD, FD_CLOEXEC) }
        try socket.limitWaiting(to: MeasuringWindow.patience)
        return socket
    }

    func set(_ level: CInt, _ option: CInt, _ value: some BitwiseCopyable) throws(SystemError) {
        try Self.set(raw, level, option, value)
    }

    static func set(
        _ raw: CInt, _ level: CInt, _ option: CInt, _ value: some BitwiseCopyable
    ) throws(SystemError) {
        let values = [value]
        try systemCall("set option \(level)/\(option) of a socket") {
            unsafe values.withUnsafeBytes { unsafe setsockopt(raw, level, option, $0.baseAddress, socklen_t($0.count)) }
        }
    }
}

/// The calls that move bytes through a connection: on bare descriptors, since each end is another thread's.
enum Stream {
    /// How many bytes were taken.
    static func send(_ bytes: [UInt8], to raw: CInt) throws(SystemError) -> Int {
        try count("send") { unsafe Glibc.send(raw, bytes, bytes.count, CInt(MSG_NOSIGNAL)) }
    }

    /// How many bytes came; 0 at the end of the stream.
    static func receive(into bytes: inout [UInt8], from raw: CInt) throws(SystemError) -> Int {
        try count("receive") { unsafe recv(raw, &bytes, bytes.count, 0) }
    }

    private static func count(_ operation: String, _ call: () -> Int) throws(SystemError) -> Int {
        while true {
            let result = call()
            if result >= 0 { return result }
            // What a blocking socket says when its time is up: socket(7), SO_RCVTIMEO.
            if errno == EAGAIN { throw SystemError(operation, errno: ETIMEDOUT) }
            if errno != EINTR { throw SystemError(operation) }
        }
    }
}
