import CLinux
import Glibc

/// What a forwarder waits for: poll(2) over the few things that it has.
@safe
package struct ForwardingEvents: ~Copyable {
    package struct Event: OptionSet, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Packets wait in the TUN link, or it is gone.
        package static let tunnel = Event(rawValue: 1 << 0)
        package static let socket = Event(rawValue: 1 << 1)
        package static let signal = Event(rawValue: 1 << 2)
        package static let lifelineEnded = Event(rawValue: 1 << 3)
    }

    private static let count = 4
    private let polled: UnsafeMutablePointer<pollfd>

    /// A descriptor of -1 is one that nothing happens to. All must stay open for as long as this value lives.
    package init(
        tunnel: borrowing TunDevice, socket: borrowing DatagramSocket, signals: borrowing SignalQueue?,
        lifeline: borrowing Lifeline?
    ) {
        unsafe polled = .allocate(capacity: Self.count)
        let descriptors = [
            tunnel.descriptor.rawValue, socket.descriptor.rawValue, Self.raw(signals), Self.raw(lifeline),
        ]
        for (index, descriptor) in descriptors.enumerated() {
            unsafe (polled + index).initialize(to: pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
        }
    }

    deinit {
        unsafe polled.deallocate()
    }

    private static func raw(_ signals: borrowing SignalQueue?) -> CInt {
        switch signals {
        case .some(let signals): signals.descriptor.rawValue
        case .none: -1
        }
    }

    private static func raw(_ lifeline: borrowing Lifeline?) -> CInt {
        switch lifeline {
        case .some(let lifeline): lifeline.descriptor.rawValue
        case .none: -1
        }
    }

    /// Waits until something happens. Errors count as happening: whoever reads will meet them.
    package mutating func wait() throws(SystemError) -> Event {
        try systemCall("wait for packets") { unsafe poll(polled, nfds_t(Self.count), -1) }
        var events: Event = []
        for index in 0..<Self.count where unsafe polled[index].revents != 0 {
            events.insert(Event(rawValue: 1 << UInt8(index)))
        }
        return events
    }
}
