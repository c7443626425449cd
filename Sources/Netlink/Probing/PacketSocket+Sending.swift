import CLinux
import Glibc

extension PacketSocket {
    /// The address of the link that this is bound to, which frames of its own come from: `sll_addr` of packet(7). Empty where
    /// a link has none.
    package func linkLayerAddress() throws(SystemError) -> [UInt8] {
        var address = sockaddr_ll()
        var length = socklen_t(MemoryLayout<sockaddr_ll>.size)
        try systemCall("read a link's address") {
            unsafe withUnsafeMutableBytes(of: &address) { bytes in
                unsafe getsockname(
                    descriptor.rawValue, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
            }
        }
        let count = Int(address.sll_halen)
        return unsafe withUnsafeBytes(of: &address.sll_addr) { unsafe Array($0.prefix(count)) }
    }

    /// Has `frame` leave by the link, from its Ethernet header on.
    package func send(_ frame: [UInt8]) throws(SystemError) {
        let raw = descriptor.rawValue
        let code = unsafe frame.withUnsafeBytes { bytes in
            errnoOf { unsafe Glibc.send(raw, bytes.baseAddress, bytes.count, 0) }
        }
        if code != 0 { throw SystemError("send a frame", errno: code) }
    }
}
