import CLinux
import Glibc

extension PacketBatch {
    /// Datagrams that wait in `socket`, as many as fit: each in its slot, see ``datagram(_:)``. None is left out for an
    /// error that the kernel held against the socket, which this clears.
    package mutating func receive(from socket: borrowing DatagramSocket) -> Int {
        for index in 0..<Self.capacity {
            unsafe receiving[index].msg_hdr.msg_namelen = 28
        }
        let raw = socket.descriptor.rawValue
        let received = unsafe clinux_recvmmsg(raw, receiving, UInt32(Self.capacity), CInt(MSG_DONTWAIT))
        return max(0, Int(received))
    }

    /// How long received datagram `index` is, and who sent it.
    package func datagram(_ index: Int) -> (length: Int, sender: SocketAddress?) {
        precondition((0..<Self.capacity).contains(index), "no such datagram")
        let header = unsafe receiving[index]
        let name = unsafe UnsafeRawBufferPointer(
            start: header.msg_hdr.msg_name, count: min(28, Int(header.msg_hdr.msg_namelen)))
        return unsafe (min(Int(header.msg_len), slotSize), SocketAddress(reading: name.bytes))
    }

    /// Reads the next packet of `tunnel` into slot `index` and returns its length; nil if none waits.
    ///
    /// Fails with `EBADFD` once the link has been deleted.
    package mutating func read(into index: Int, from tunnel: borrowing TunDevice) throws(SystemError) -> Int? {
        while true {
            let count = unsafe Glibc.read(tunnel.descriptor.rawValue, slot(index), slotSize)
            if count >= 0 { return count }
            if errno == EAGAIN { return nil }
            if errno != EINTR { throw SystemError("read from the TUN link") }
        }
    }

    /// Lets the first `length` bytes of slot `index` come out of `tunnel`; false if the kernel would not have them.
    package mutating func write(_ index: Int, length: Int, to tunnel: borrowing TunDevice) -> Bool {
        precondition(length <= slotSize)
        return unsafe Glibc.write(tunnel.descriptor.rawValue, slot(index), length) == length
    }

    /// Sends the first `length` bytes of slot `index`, an IP packet of this host's own.
    package mutating func send(
        _ index: Int, length: Int, to destination: SocketAddress, through sender: borrowing PacketSender
    ) -> Bool {
        precondition(length <= slotSize)
        let raw = sender.descriptor(destination.family)
        return unsafe destination.withPointer { address, size in
            unsafe sendto(raw, slot(index), length, 0, address, size) == length
        }
    }

    /// Sends everything that is queued through `socket` and empties the queue. A datagram that the kernel refuses is
    /// told to `refused`, by its error and length, and holds up no other.
    package mutating func flush(to socket: borrowing DatagramSocket, refused: (CInt, Int) -> Void) {
        var next = 0
        while next < queued {
            let raw = socket.descriptor.rawValue
            let sent = unsafe clinux_sendmmsg(raw, sending + next, UInt32(queued - next), 0)
            if sent > 0 {
                next += Int(sent)
            } else if errno != EINTR {
                refused(errno, unsafe sending[next].msg_hdr.msg_iov[0].iov_len)
                next += 1
            }
        }
        queued = 0
    }
}
