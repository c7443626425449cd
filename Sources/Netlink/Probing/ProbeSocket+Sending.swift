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
        var (bytes, name, control) = (bytes, peer.bytes, control)
        let raw = descriptor.rawValue
        return unsafe bytes.withUnsafeMutableBytes { bytes in
            unsafe name.withUnsafeMutableBytes { name in
                unsafe control.withUnsafeMutableBytes { control in
                    var vector = unsafe iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
                    return unsafe withUnsafeMutablePointer(to: &vector) { vector in
                        var header = unsafe msghdr()
                        unsafe header.msg_name = name.baseAddress
                        unsafe header.msg_namelen = socklen_t(name.count)
                        unsafe header.msg_iov = vector
                        unsafe header.msg_iovlen = 1
                        unsafe header.msg_control = control.baseAddress
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
