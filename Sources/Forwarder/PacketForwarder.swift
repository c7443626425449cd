package import Netlink
package import NetworkState

/// What becomes of each packet: everything about forwarding but the input and output.
///
/// A packet is changed where it lies, and nothing is allocated for it. As in Flannel's own proxy (`tun_to_udp` and
/// `udp_to_tun` in pkg/backend/udp/proxy_amd64.c), each of the two forwarders that a packet meets takes one from its
/// time to live; the hosts' kernels, which forward it between container and TUN link, take one each as ever.
package struct PacketForwarder: Sendable {
    /// What to do with the first `length` bytes of the buffer that the packet was in.
    package enum Verdict: Hashable, Sendable {
        /// Send them to a peer.
        case send(length: Int, to: SocketAddress)
        /// Let them come out of the TUN link.
        case deliver(length: Int)
        /// Send them as a packet of this host's own. Out of the TUN link they would be dropped, since they come from
        /// one of this host's addresses (`__fib_validate_source` in net/ipv4/fib_frontend.c).
        case reply(length: Int, to: IPAddress)
        case drop
    }

    package var table: ForwardingTable
    package var counters = ForwardingCounters()
    private let address4: IPAddress?
    private let address6: IPAddress?
    private var answerAllowance: TokenBucket

    /// - `addresses`: the TUN link's own.
    package init(_ table: ForwardingTable, addresses: [IPAddress], at now: MonotonicTime) {
        self.table = table
        address4 = addresses.first { $0.family == .v4 }
        address6 = addresses.first { $0.family == .v6 }
        answerAllowance = TokenBucket(at: now)
    }

    /// Judges a packet that the kernel has routed to the TUN link.
    package mutating func outbound(
        _ packet: inout MutableSpan<UInt8>, length: Int, at now: MonotonicTime
    ) -> Verdict {
        guard let header = PacketHeader(reading: packet.span, length: length) else { return drop(.malformed) }
        guard !header.isForMany else { return drop(.multicast) }
        guard case .peer(let peer)? = table[header.destination] else {
            return drop(.noRoute, answering: .noRoute, &packet, length, header, at: now)
        }
        guard header.timeToLive > 1 else {
            return drop(.expired, answering: .timeExceeded, &packet, length, header, at: now)
        }
        header.decrementTimeToLive(in: &packet)
        return .send(length: length, to: peer)
    }

    /// Judges what a datagram from `sender` holds. Nil stands for a sender that is of no known family.
    package mutating func inbound(
        _ packet: inout MutableSpan<UInt8>, length: Int, from sender: SocketAddress?, at now: MonotonicTime
    ) -> Verdict {
        guard let sender, table.hasPeer(sender) else { return drop(.unknownPeer) }
        guard let header = PacketHeader(reading: packet.span, length: length) else { return drop(.malformed) }
        guard !header.isForMany else { return drop(.multicast) }
        guard table[header.destination] == .local else { return drop(.notLocal) }
        guard header.timeToLive > 1 else {
            return drop(.expired, answering: .timeExceeded, &packet, length, header, at: now)
        }
        header.decrementTimeToLive(in: &packet)
        return .deliver(length: length)
    }

    private mutating func drop(_ reason: ForwardingCounters.Drop) -> Verdict {
        counters[reason] += 1
        return .drop
    }

    /// Drops a packet and tells its sender, if that may be told: through a peer, if it is behind one.
    private mutating func drop(
        _ reason: ForwardingCounters.Drop, answering error: ICMPError, _ packet: inout MutableSpan<UInt8>,
        _ length: Int, _ header: PacketHeader, at now: MonotonicTime
    ) -> Verdict {
        counters[reason] += 1
        guard let source = header.family == .v4 ? address4 : address6,
            header.mayBeAnswered(packet.span, length: length)
        else { return .drop }
        guard answerAllowance.take(at: now) else {
            counters.answersHeldBack += 1
            return .drop
        }
        counters.answers += 1
        let answerLength = error.replace(&packet, length: length, header, from: source)
        if case .peer(let peer)? = table[header.source] { return .send(length: answerLength, to: peer) }
        return .reply(length: answerLength, to: header.source)
    }
}
