import CLinux
import Glibc

/// A datagram as it came out of a socket.
package struct ReceivedDatagram: Sendable {
    package let payload: [UInt8]
    /// The sender; for an error, whom the datagram was for.
    package let peer: SocketAddress?
    /// The address it was sent to, where the socket asks for it.
    package let local: SocketAddress?
    /// When the kernel got it, or else when it was read.
    package let arrival: MonotonicTime
    /// What became of a datagram of ours, of which `payload` then is the part that was quoted.
    package let error: SocketErrorReport?
}

/// The memory of recvmmsg(2), made once and lent to one socket after the other.
@safe
package struct ReceiveBuffers: ~Copyable {
    private static let nameCapacity = 128
    private static let controlCapacity = 256

    private let count: Int
    private let payloadCapacity: Int
    /// How many headers the last call wrote the lengths of what it received into.
    private var used: Int
    private let memory: UnsafeMutableRawPointer
    private let vectors: UnsafeMutablePointer<iovec>
    private let headers: UnsafeMutablePointer<clinux_mmsghdr>

    /// For `count` datagrams at a time, of which all beyond `payloadCapacity` bytes is cut off.
    package init(count: Int, payloadCapacity: Int) {
        self.count = count
        used = count
        self.payloadCapacity = payloadCapacity
        let stride = (payloadCapacity + Self.nameCapacity + Self.controlCapacity + 15) & ~15
        unsafe memory = .allocate(byteCount: stride * count, alignment: 16)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: stride * count)
        unsafe vectors = .allocate(capacity: count)
        unsafe headers = .allocate(capacity: count)
        for index in 0..<count {
            let control = unsafe memory + index * stride
            let name = unsafe control + Self.controlCapacity
            let payload = unsafe name + Self.nameCapacity
            unsafe (vectors + index).initialize(to: iovec(iov_base: payload, iov_len: payloadCapacity))
            var header = unsafe clinux_mmsghdr()
            unsafe header.msg_hdr.msg_name = name
            unsafe header.msg_hdr.msg_iov = vectors + index
            unsafe header.msg_hdr.msg_iovlen = 1
            unsafe header.msg_hdr.msg_control = control
            unsafe (headers + index).initialize(to: header)
        }
    }

    deinit {
        unsafe memory.deallocate()
        unsafe vectors.deallocate()
        unsafe headers.deallocate()
    }

    /// The datagrams that wait in `socket`; none if none does. What does not fit the buffers stays for the next call.
    package mutating func receive(from socket: ProbeSocket) -> [ReceivedDatagram] {
        receive(from: socket.descriptor.rawValue, flags: 0)
    }

    /// The errors that wait in `socket`.
    package mutating func receiveErrors(from socket: ProbeSocket) -> [ReceivedDatagram] {
        receive(from: socket.descriptor.rawValue, flags: CInt(MSG_ERRQUEUE))
    }

    private mutating func receive(from raw: CInt, flags: CInt) -> [ReceivedDatagram] {
        let received = fill(from: raw, flags: flags)
        guard received > 0 else { return [] }
        let (lead, now) = (MonotonicTime.wallClockLead, MonotonicTime.now)
        return (0..<received).map { datagram(at: $0, readAt: now, wallClockLead: lead) }
    }

    /// The frames that wait in the packet socket `raw`.
    mutating func receiveFrames(from raw: CInt) -> [CapturedFrame] {
        let received = fill(from: raw, flags: 0)
        guard received > 0 else { return [] }
        let (lead, now) = (MonotonicTime.wallClockLead, MonotonicTime.now)
        return (0..<received).map { index in
            let datagram = datagram(at: index, readAt: now, wallClockLead: lead)
            // sockaddr_ll.sll_pkttype, in linux/if_packet.h.
            let kind = unsafe headers[index].msg_hdr.msg_name.load(fromByteOffset: 10, as: UInt8.self)
            return CapturedFrame(
                bytes: datagram.payload,
                direction: CInt(kind) == PACKET_OUTGOING ? .outgoing : .incoming,
                time: datagram.arrival
            )
        }
    }

    /// The frames that wait in `tap`.
    ///
    /// - `lead`: how far the wall clock is ahead; one for all taps, so that what they saw can be put in order.
    package mutating func receiveFrames(from tap: TapSocket, wallClockLead lead: Int64) -> [TappedFrame] {
        // Asks for the length that a frame had, rather than the one that there is room for.
        let received = fill(from: tap.descriptor.rawValue, flags: CInt(MSG_TRUNC))
        guard received > 0 else { return [] }
        let now = MonotonicTime.now
        return (0..<received).compactMap { index in
            let datagram = datagram(at: index, readAt: now, wallClockLead: lead)
            guard let name = unsafe headers[index].msg_hdr.msg_name else { return nil }
            // sockaddr_ll in linux/if_packet.h: sll_ifindex, sll_hatype, sll_pkttype.
            let kind = unsafe CInt(name.load(fromByteOffset: 10, as: UInt8.self))
            return unsafe TappedFrame(
                bytes: datagram.payload,
                length: Int(headers[index].msg_len),
                link: name.load(fromByteOffset: 4, as: CInt.self),
                isEthernet: TappedFrame.ethernetTypes.contains(name.load(fromByteOffset: 8, as: UInt16.self)),
                direction: kind == PACKET_OUTGOING ? .outgoing : .incoming,
                isForOthers: kind == PACKET_OTHERHOST,
                time: datagram.arrival)
        }
    }

    /// An error that waits in the socket comes out of the first read instead of data, and is cleared by that: it is in
    /// the error queue too, so read on.
    private mutating func fill(from raw: CInt, flags: CInt) -> Int {
        for index in 0..<used {
            unsafe headers[index].msg_hdr.msg_namelen = socklen_t(Self.nameCapacity)
            unsafe headers[index].msg_hdr.msg_controllen = Self.controlCapacity
        }
        for _ in 0..<4 {
            var received = 0
            let code = errnoOf {
                received = Int(unsafe clinux_recvmmsg(raw, headers, UInt32(count), flags))
                return received
            }
            used = max(received, 1)
            if code == 0 { return received }
            if code == EAGAIN { return 0 }
        }
        return 0
    }

    private func datagram(at index: Int, readAt now: MonotonicTime, wallClockLead: Int64) -> ReceivedDatagram {
        let header = unsafe headers[index]
        let length = unsafe min(Int(header.msg_len), payloadCapacity)
        let payload = unsafe UnsafeRawBufferPointer(start: vectors[index].iov_base, count: length)
        var arrival = now
        var local: SocketAddress?
        var error: SocketErrorReport?
        let control = unsafe UnsafeRawBufferPointer(
            start: header.msg_hdr.msg_control, count: header.msg_hdr.msg_controllen)
        unsafe ControlMessage.forEach(in: control.bytes) { level, type, data in
            switch (level, type) {
            case (SOL_SOCKET, SO_TIMESTAMPNS):
                arrival = MonotonicTime(nanoseconds: data.nanoseconds - wallClockLead)
            case (CInt(IPPROTO_IP), IP_PKTINFO):
                local = SocketAddress(.v4, bits: UInt128(UInt32(bigEndian: data.load(at: 8, as: UInt32.self))))
            case (CInt(IPPROTO_IPV6), IPV6_PKTINFO):
                local = SocketAddress(.v6, bits: UInt128(bigEndian: data.load(at: 0, as: UInt128.self)))
            case (CInt(IPPROTO_IP), IP_RECVERR), (CInt(IPPROTO_IPV6), IPV6_RECVERR):
                error = SocketErrorReport(reading: data)
            default:
                break
            }
        }
        let name = unsafe UnsafeRawBufferPointer(start: header.msg_hdr.msg_name, count: Int(header.msg_hdr.msg_namelen))
        return unsafe ReceivedDatagram(
            payload: Array(payload), peer: SocketAddress(reading: name.bytes), local: local, arrival: arrival,
            error: error)
    }
}

extension RawSpan {
    /// A `timespec` as nanoseconds.
    fileprivate var nanoseconds: Int64 { load(at: 0, as: Int64.self) * 1_000_000_000 + load(at: 8, as: Int64.self) }
}
