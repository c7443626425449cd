import CLinux
import Glibc

/// A frame as it passed a link.
package struct CapturedFrame: Sendable {
    package enum Direction: Hashable, Sendable {
        case incoming, outgoing
    }

    /// From the Ethernet header on; cut off where the frame was longer than the buffer.
    package let bytes: [UInt8]
    package let direction: Direction
    package let time: MonotonicTime
}

/// Sees every frame that passes one link: packet(7).
package struct PacketSocket: ~Copyable {
    private let descriptor: OwnedFileDescriptor
    private var buffers = ReceiveBuffers(count: 16, payloadCapacity: 65_536)
    /// Read and not yet handed out, the last of them first.
    private var waiting: [CapturedFrame] = []
    private var failure: SystemError?

    private init(owning descriptor: consuming OwnedFileDescriptor) {
        self.descriptor = descriptor
    }

    /// Opens one on the link called `link` in `namespace`; frames are seen from the moment this returns.
    package static func open(
        on link: String, in namespace: borrowing NetworkNamespace
    ) throws(SystemError) -> PacketSocket {
        let descriptor = try namespace.run { () throws(SystemError) in try openHere(on: link) }
        return PacketSocket(owning: descriptor)
    }

    /// With protocol 0 the socket is deaf until bound, so that no frame of another link slips in before.
    private static func openHere(on link: String) throws(SystemError) -> OwnedFileDescriptor {
        let index = unsafe if_nametoindex(link)
        guard index != 0 else { throw SystemError("find link '\(link)'") }
        let type = CInt(SOCK_RAW.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let raw = try systemCall("open packet socket") { socket(AF_PACKET, type, 0) }
        let descriptor = OwnedFileDescriptor(owning: raw)
        var on: CInt = 1
        let size = socklen_t(MemoryLayout<CInt>.size)
        try systemCall("ask for receive times") { unsafe setsockopt(raw, SOL_SOCKET, SO_TIMESTAMPNS, &on, size) }
        var address = sockaddr_ll()
        address.sll_family = UInt16(AF_PACKET)
        address.sll_protocol = UInt16(ETH_P_ALL).bigEndian
        address.sll_ifindex = CInt(index)
        try systemCall("bind packet socket to '\(link)'") {
            unsafe withUnsafeBytes(of: &address) { bytes in
                unsafe bind(
                    raw, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
            }
        }
        return descriptor
    }

    /// The next frame, or nil if there is none before `deadline`.
    ///
    /// Fails with `ENETDOWN` when the link has gone down or away, after the last frame from before that.
    package mutating func receive(until deadline: MonotonicTime) throws(SystemError) -> CapturedFrame? {
        while waiting.isEmpty {
            if let failure = failure.take() { throw failure }
            let raw = descriptor.rawValue
            var poll = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
            let ready = try systemCall("wait for frames") { unsafe Glibc.poll(&poll, 1, deadline.millisecondsAway) }
            if ready == 0 { return nil }
            // Before the frames: reading them would clear it.
            if poll.revents & Int16(POLLERR) != 0 { failure = takeError() }
            waiting = buffers.receiveFrames(from: raw).reversed()
        }
        return waiting.popLast()
    }

    private func takeError() -> SystemError? {
        var code: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        _ = unsafe getsockopt(descriptor.rawValue, SOL_SOCKET, SO_ERROR, &code, &length)
        guard code != 0 else { return nil }
        errno = code
        return SystemError("capture frames")
    }
}
