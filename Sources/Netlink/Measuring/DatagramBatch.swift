import CLinux
import Glibc

/// Many small datagrams for one system call: sendmmsg(2) and recvmmsg(2).
@safe
struct DatagramBatch: ~Copyable {
    private let count: Int
    private let memory: UnsafeMutableRawPointer
    private let vectors: UnsafeMutablePointer<iovec>
    private let headers: UnsafeMutablePointer<clinux_mmsghdr>

    /// All share the memory of one: what they say is not read.
    init(count: Int, payload: Int) {
        self.count = count
        unsafe memory = .allocate(byteCount: payload, alignment: 16)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0x77, count: payload)
        unsafe vectors = .allocate(capacity: 1)
        unsafe vectors.initialize(to: iovec(iov_base: memory, iov_len: payload))
        unsafe headers = .allocate(capacity: count)
        var header = unsafe clinux_mmsghdr()
        unsafe header.msg_hdr.msg_iov = vectors
        unsafe header.msg_hdr.msg_iovlen = 1
        unsafe headers.initialize(repeating: header, count: count)
    }

    deinit {
        unsafe memory.deallocate()
        unsafe vectors.deallocate()
        unsafe headers.deallocate()
    }

    /// How many the kernel took. That it had no room for one is a flood's lot, and so is an ICMP error about an earlier.
    func send(on raw: CInt) throws(SystemError) -> Int {
        let sent = Int(unsafe clinux_sendmmsg(raw, headers, UInt32(count), CInt(MSG_NOSIGNAL)))
        if sent >= 0 { return sent }
        if [EINTR, EAGAIN, ENOBUFS, ECONNREFUSED].contains(errno) { return 0 }
        throw SystemError("send datagrams")
    }

    /// How many there were: at least one, or none in all the time that the socket waits.
    func receive(on raw: CInt) throws(SystemError) -> Int {
        let received = Int(unsafe clinux_recvmmsg(raw, headers, UInt32(count), CInt(MSG_WAITFORONE)))
        if received >= 0 { return received }
        if errno == EINTR || errno == EAGAIN { return 0 }
        throw SystemError("receive datagrams")
    }
}
