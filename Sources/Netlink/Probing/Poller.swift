import CLinux
import Glibc

/// Tells which of many sockets have something to do: epoll(7), level-triggered.
@safe
package struct Poller: ~Copyable {
    package enum Interest: Sendable {
        case reading, writing, readingAndWriting
        /// Nothing but what is always told: that the other side has gone.
        case errors

        fileprivate var mask: UInt32 {
            switch self {
            case .reading: EPOLLIN.rawValue
            case .writing: EPOLLOUT.rawValue
            case .readingAndWriting: EPOLLIN.rawValue | EPOLLOUT.rawValue
            case .errors: 0
            }
        }
    }

    package struct Event: Sendable {
        /// What ``watch(_:as:for:)`` was given.
        package let token: UInt64
        package let isReadable: Bool
        package let isWritable: Bool
        /// An error waits in the socket or in its error queue, or the other side hung up.
        package let hasError: Bool
    }

    private static let batch = 256
    private let descriptor: OwnedFileDescriptor
    private let events: UnsafeMutablePointer<epoll_event>

    private init(owning descriptor: consuming OwnedFileDescriptor) {
        self.descriptor = descriptor
        unsafe events = .allocate(capacity: Self.batch)
    }

    deinit {
        unsafe events.deallocate()
    }

    package static func open() throws(SystemError) -> Poller {
        let raw = try systemCall("open epoll") { epoll_create1(CInt(EPOLL_CLOEXEC)) }
        return Poller(owning: OwnedFileDescriptor(owning: raw))
    }

    /// Watches `socket` until it is closed. Errors are always reported.
    package func watch(_ socket: ProbeSocket, as token: UInt64, for interest: Interest) throws(SystemError) {
        try control(EPOLL_CTL_ADD, socket.descriptor, token, interest)
    }

    package func change(_ socket: ProbeSocket, as token: UInt64, to interest: Interest) throws(SystemError) {
        try control(EPOLL_CTL_MOD, socket.descriptor, token, interest)
    }

    package func watch(_ tap: TapSocket, as token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_ADD, tap.descriptor, token, .reading)
    }

    /// Watches whatever else has a descriptor, until that is closed.
    package func watch(
        _ descriptor: borrowing OwnedFileDescriptor, as token: UInt64, for interest: Interest = .reading
    ) throws(SystemError) {
        try control(EPOLL_CTL_ADD, descriptor, token, interest)
    }

    package func change(
        _ descriptor: borrowing OwnedFileDescriptor, as token: UInt64, to interest: Interest
    ) throws(SystemError) {
        try control(EPOLL_CTL_MOD, descriptor, token, interest)
    }

    private func control(
        _ operation: CInt, _ watched: borrowing OwnedFileDescriptor, _ token: UInt64, _ interest: Interest
    ) throws(SystemError) {
        var event = unsafe epoll_event()
        unsafe event.events = interest.mask
        unsafe event.data.u64 = token
        let raw = watched.rawValue
        try systemCall("watch a socket") {
            unsafe epoll_ctl(descriptor.rawValue, operation, raw, &event)
        }
    }

    /// Waits for events until `deadline`; none then.
    package mutating func wait(until deadline: MonotonicTime) throws(SystemError) -> [Event] {
        let count = try systemCall("wait for sockets") {
            unsafe epoll_wait(descriptor.rawValue, events, CInt(Self.batch), deadline.millisecondsAway)
        }
        return (0..<Int(count)).map { index in
            let mask = unsafe events[index].events
            return Event(
                token: unsafe events[index].data.u64,
                isReadable: mask & EPOLLIN.rawValue != 0,
                isWritable: mask & EPOLLOUT.rawValue != 0,
                hasError: mask & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
            )
        }
    }
}
