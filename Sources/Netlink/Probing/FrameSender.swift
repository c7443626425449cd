import CLinux
import Glibc

/// Sends frames, Ethernet header and all, over one link, and is deaf: packet(7).
package struct FrameSender: ~Copyable {
    /// What frames of its own say about where they come from.
    package let linkLayerAddress: [UInt8]
    private let descriptor: OwnedFileDescriptor

    /// Opens one on the link called `link` in `namespace`.
    package static func open(
        on link: String, in namespace: borrowing NetworkNamespace
    ) throws(SystemError) -> FrameSender {
        try namespace.run { () throws(SystemError) in try openHere(on: link) }
    }

    private static func openHere(on link: String) throws(SystemError) -> FrameSender {
        let index = unsafe if_nametoindex(link)
        guard index != 0 else { throw SystemError("find link '\(link)'") }
        let type = CInt(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue)
        let raw = try systemCall("open packet socket") { socket(AF_PACKET, type, 0) }
        let descriptor = OwnedFileDescriptor(owning: raw)
        var address = sockaddr_ll()
        address.sll_family = UInt16(AF_PACKET)
        address.sll_ifindex = CInt(index)
        try systemCall("bind packet socket to '\(link)'") {
            unsafe withUnsafeBytes(of: &address) { bytes in
                unsafe bind(raw, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
            }
        }
        return FrameSender(
            linkLayerAddress: try linkLayerAddress(of: raw, link), descriptor: descriptor)
    }

    private init(linkLayerAddress: [UInt8], descriptor: consuming OwnedFileDescriptor) {
        self.linkLayerAddress = linkLayerAddress
        self.descriptor = descriptor
    }

    /// A bound packet socket's own name holds the link's address: `sll_halen` and `sll_addr`.
    private static func linkLayerAddress(of raw: CInt, _ link: String) throws(SystemError) -> [UInt8] {
        var address = sockaddr_ll()
        var length = socklen_t(MemoryLayout<sockaddr_ll>.size)
        try systemCall("read the address of '\(link)'") {
            unsafe withUnsafeMutableBytes(of: &address) { bytes in
                unsafe getsockname(raw, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
            }
        }
        let count = Int(address.sll_halen)
        return unsafe withUnsafeBytes(of: &address.sll_addr) { unsafe Array($0.prefix(count)) }
    }

    package func send(_ frame: [UInt8]) throws(SystemError) {
        let raw = descriptor.rawValue
        let code = unsafe frame.withUnsafeBytes { bytes in
            errnoOf { unsafe Glibc.send(raw, bytes.baseAddress, bytes.count, 0) }
        }
        if code != 0 { throw SystemError("send a frame", errno: code) }
    }
}
