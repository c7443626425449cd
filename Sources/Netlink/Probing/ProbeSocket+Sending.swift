import CLinux
import Glibc

extension ProbeSocket {
    /// Sends one datagram and returns 0 or the errno.
    ///
    /// `source` is the local address it leaves from; the kernel's choice if nil. One call a datagram rather than
    /// sendmmsg(2): each has its own time of departure in it, and a packet costs fifty times the call.
    package func send(_ bytes: [UInt8], to peer: SocketAddress, from source: SocketAddress? = nil) -> CInt {
        guard let source else { return sendPlainly(bytes, to: peer) }
        return send(bytes, to: peer, control: ControlMessage.packetInfo(source: source))
    }

    private func sendPlainly(_ bytes: [UInt8], to peer: SocketAddress) -> CInt {
        let raw = descriptor.rawValue
        return unsafe peer.withPointer { address, length in
            unsafe bytes.withUnsafeBytes { bytes in
                errnoOf {
                    unsafe sendto(raw, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL), address, length)
                }
            }
        }
    }

    private func send(_ bytes: [UInt8], to peer: SocketAddress, control: [UInt8]) -> CInt {
        let raw = descriptor.rawValue
        // sendmsg(2) writes to none of what it takes.
        return unsafe peer.withPointer { name, length in
            unsafe bytes.withUnsafeBytes { bytes in
                unsafe control.withUnsafeBytes { control in
                    var vector = unsafe iovec(
                        iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
                    return unsafe withUnsafeMutablePointer(to: &vector) { vector in
                        var header = unsafe msghdr()
                        unsafe header.msg_name = UnsafeMutableRawPointer(mutating: name)
                        unsafe header.msg_namelen = length
                        unsafe header.msg_iov = vector
                        unsafe header.msg_iovlen = 1
                        unsafe header.msg_control = UnsafeMutableRawPointer(mutating: control.baseAddress)
                        unsafe header.msg_controllen = control.count
                        return errnoOf { unsafe sendmsg(raw, &header, CInt(MSG_NOSIGNAL)) }
                    }
                }
            }
        }
    }
}

/// Makes a call until no signal interrupts it; 0 or the errno it failed with.
func errnoOf(_ call: () -> Int) -> CInt {
    while true {
        if call() >= 0 { return 0 }
        if errno != EINTR { return errno }
    }
}
