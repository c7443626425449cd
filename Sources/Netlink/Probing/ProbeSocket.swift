import CLinux
import Glibc

/// A non-blocking socket that probes leave from or arrive at.
///
/// A class, so that arrays can hold thousands of them: `Array` takes no noncopyable elements. Closes with its last owner.
package final class ProbeSocket: Sendable {
    package enum Kind: Hashable, Sendable {
        /// Raw ICMP or ICMPv6: sends echo requests, receives echo replies and nothing else.
        case echo
        /// UDP that asks.
        case client
        /// UDP that answers; a socket of its own, since a firewall that tracks connections would take one node's
        /// questions from the port that it answers from for answers.
        case responder
        /// TCP that accepts.
        case listener
        /// TCP that connects, or was accepted.
        case connection
    }

    package let kind: Kind
    package let family: SocketAddress.Family
    let descriptor: OwnedFileDescriptor

    init(_ kind: Kind, _ family: SocketAddress.Family, owning descriptor: consuming OwnedFileDescriptor) {
        self.kind = kind
        self.family = family
        self.descriptor = descriptor
    }

    /// Opens one in the calling thread's network namespace; servers on `port`, or if that is 0 one of the
    /// kernel's choice.
    static func open(_ kind: Kind, _ family: SocketAddress.Family, port: UInt16 = 0) throws(SystemError) -> ProbeSocket
    {
        let (type, number) = kind.typeAndProtocol(family)
        let flags = CInt(type.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let raw = try systemCall("open \(kind) socket") { socket(family.domain, flags, number) }
        let opened = ProbeSocket(kind, family, owning: OwnedFileDescriptor(owning: raw))
        try opened.configure(port: port)
        return opened
    }

    private func configure(port: UInt16) throws(SystemError) {
        switch kind {
        case .echo:
            try reportErrors()
            try stampArrivals()
            try receiveOnlyEchoReplies()
        case .client:
            try reportErrors()
            try stampArrivals()
            try bindAnywhere()
        case .responder:
            try stampArrivals()
            try set(family.level, family == .v4 ? IP_PKTINFO : IPV6_RECVPKTINFO, 1)
            try bindAnywhere(port: port)
        case .listener:
            // What it accepts has this too, whichever side closes first.
            try abandonOnClose()
            try bindAnywhere(port: port)
            try systemCall("listen") { listen(descriptor.rawValue, SOMAXCONN) }
        case .connection:
            try reportErrors()
            try abandonOnClose()
            try delayAcknowledgements()
        }
    }

    /// Has the kernel queue ICMP errors with the packet they quote (`IP_RECVERR` in ip(7)), and not swallow `ENOBUFS`:
    /// without it a full neighbour table loses packets in silence (`udp_send_skb` in net/ipv4/udp.c).
    private func reportErrors() throws(SystemError) {
        try set(family.level, family == .v4 ? IP_RECVERR : IPV6_RECVERR, 1)
    }

    /// The kernel's own receive times, so that reading replies in batches does not lengthen round trips. With it goes
    /// room for a burst: as much as the system grants.
    private func stampArrivals() throws(SystemError) {
        try set(SOL_SOCKET, SO_TIMESTAMPNS, 1)
        let size: CInt = 1 << 20
        do throws(SystemError) {
            try set(SOL_SOCKET, SO_RCVBUFFORCE, size)
        } catch {
            try set(SOL_SOCKET, SO_RCVBUF, size)
        }
    }

    /// `ICMP_FILTER` of raw(7) and `ICMP6_FILTER` of RFC 3542 §3.2; a set bit blocks its type.
    private func receiveOnlyEchoReplies() throws(SystemError) {
        switch family {
        case .v4:
            try set(SOL_RAW, 1, ~(UInt32(1) << 0))
        case .v6:
            var filter = [UInt32](repeating: .max, count: 8)
            filter[129 / 32] &= ~(UInt32(1) << (129 % 32))
            try set(CInt(IPPROTO_ICMPV6), 1, filter)
        }
    }

    private func bindAnywhere(port: UInt16 = 0) throws(SystemError) {
        if family == .v6 { try set(family.level, IPV6_V6ONLY, 1) }
        let anywhere = SocketAddress(family, bits: 0, port: port)
        let raw = descriptor.rawValue
        try systemCall("bind \(kind) socket") {
            unsafe anywhere.withPointer { address, length in unsafe bind(raw, address, length) }
        }
    }

    /// Closing resets the connection and leaves no `TIME_WAIT` behind: a mesh would run out of ports.
    private func abandonOnClose() throws(SystemError) {
        try set(SOL_SOCKET, SO_LINGER, linger(l_onoff: 1, l_linger: 0))
    }

    /// What the other side sends is acknowledged by what this side has to say: two packets in eight less, one of them that
    /// which alone completes a connection (`tcp_rcv_synsent_state_process` in net/ipv4/tcp_input.c).
    private func delayAcknowledgements() throws(SystemError) {
        try set(CInt(IPPROTO_TCP), TCP_QUICKACK, CInt(0))
    }

    private func set<Value: BitwiseCopyable>(_ level: CInt, _ option: CInt, _ value: Value) throws(SystemError) {
        try set(level, option, [value])
    }

    private func set<Value: BitwiseCopyable>(_ level: CInt, _ option: CInt, _ values: [Value]) throws(SystemError) {
        let raw = descriptor.rawValue
        try systemCall("set option \(level)/\(option) of \(kind) socket") {
            unsafe values.withUnsafeBytes { unsafe setsockopt(raw, level, option, $0.baseAddress, socklen_t($0.count)) }
        }
    }

    /// Has packets leave whole or not at all, whatever the kernel knows of the way's MTU: it only refuses what is larger
    /// than the first link's (`IP_PMTUDISC_PROBE` of ip(7) and ipv6(7)).
    package func forbidFragments() throws(SystemError) {
        try set(family.level, family == .v4 ? IP_MTU_DISCOVER : IPV6_MTU_DISCOVER, CInt(3))
        if family == .v6 { try set(family.level, IPV6_DONTFRAG, CInt(1)) }
    }

    /// The port it is bound to; 0 if none.
    package var localPort: UInt16 {
        var bytes = [UInt8](repeating: 0, count: SocketAddress.maximumSize)
        var length = socklen_t(bytes.count)
        let raw = descriptor.rawValue
        let result = unsafe bytes.withUnsafeMutableBytes { bytes in
            unsafe getsockname(raw, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
        }
        guard result == 0 else { return 0 }
        return unsafe SocketAddress(reading: bytes.span.bytes)?.port ?? 0
    }
}

extension ProbeSocket.Kind {
    fileprivate func typeAndProtocol(_ family: SocketAddress.Family) -> (__socket_type, CInt) {
        switch self {
        case .echo: (SOCK_RAW, CInt(family == .v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6))
        case .client, .responder: (SOCK_DGRAM, 0)
        case .listener, .connection: (SOCK_STREAM, 0)
        }
    }
}
