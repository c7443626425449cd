import CLinux
import Glibc

/// A frame as it passed one of a namespace's links.
package struct TappedFrame: Sendable {
    /// From the link's own header on; cut off where it was longer than the buffer.
    package let bytes: [UInt8]
    /// In bytes, before anything was cut off.
    package let length: Int
    /// The link's number in its namespace.
    package let link: CInt
    /// Whether an Ethernet header comes first. Tunnels of IP in IP, and TUN links, have none.
    package let isEthernet: Bool
    package let direction: CapturedFrame.Direction
    /// Whether it came in addressed to another machine's link, as a switch floods frames (`PACKET_OTHERHOST`).
    package let isForOthers: Bool
    package let time: MonotonicTime

    /// `ARPHRD_ETHER` and `ARPHRD_LOOPBACK` of linux/if_arp.h.
    static let ethernetTypes: [UInt16] = [1, 772]
}

/// Sees every frame that passes any link of one namespace: packet(7), bound to no link.
///
/// A class, so that arrays can hold one for each namespace of a lab.
package final class TapSocket: Sendable {
    let descriptor: OwnedFileDescriptor

    private init(owning descriptor: consuming OwnedFileDescriptor) {
        self.descriptor = descriptor
    }

    /// Opens one in the calling thread's namespace; frames are seen from the moment this returns.
    static func open() throws(SystemError) -> TapSocket {
        let type = CInt(SOCK_RAW.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let everything = CInt(UInt16(ETH_P_ALL).bigEndian)
        let tap = TapSocket(
            owning: OwnedFileDescriptor(
                owning: try systemCall("open packet socket") { socket(AF_PACKET, type, everything) }))
        try tap.set(SO_TIMESTAMPNS, 1)
        // Privilege gets what it asks for, others what net.core.rmem_max allows.
        if (try? tap.set(SO_RCVBUFFORCE, 32 << 20)) == nil { try tap.set(SO_RCVBUF, 32 << 20) }
        return tap
    }

    private func set(_ option: CInt, _ value: CInt) throws(SystemError) {
        var value = value
        let size = socklen_t(MemoryLayout<CInt>.size)
        try systemCall("set option \(option) of packet socket") {
            unsafe setsockopt(descriptor.rawValue, SOL_SOCKET, option, &value, size)
        }
    }

    /// How many bytes of frames it has room for, and of the kernel's own records of them.
    package var room: Int {
        var size: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        _ = unsafe getsockopt(descriptor.rawValue, SOL_SOCKET, SO_RCVBUF, &size, &length)
        return Int(size)
    }

    /// How many frames there was no room for since this was asked last: `PACKET_STATISTICS`.
    package func takeLosses() -> Int {
        // tpacket_stats: packets, drops.
        var statistics: [UInt32] = [0, 0]
        var length = socklen_t(8)
        let code = unsafe getsockopt(descriptor.rawValue, SOL_PACKET, 6, &statistics, &length)
        return code == 0 ? Int(statistics[1]) : 0
    }

    /// Has `frame` leave by a link, from its own header on.
    package func send(_ frame: [UInt8], through link: CInt) throws(SystemError) {
        var address = sockaddr_ll()
        address.sll_family = UInt16(AF_PACKET)
        address.sll_ifindex = link
        let raw = descriptor.rawValue
        let code = unsafe withUnsafeBytes(of: &address) { name in
            unsafe frame.withUnsafeBytes { bytes in
                errnoOf {
                    unsafe sendto(
                        raw, bytes.baseAddress, bytes.count, 0,
                        name.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(name.count))
                }
            }
        }
        if code != 0 { throw SystemError("send a frame", errno: code) }
    }
}

// What a namespace's links are called, which a socket of it can be asked for from anywhere: netdevice(7).
extension TapSocket {
    private static let nameSize = 16

    /// The name of the link with this number; nil if it has gone.
    package func name(ofLink index: CInt) -> String? {
        var request = [UInt8](repeating: 0, count: 40)
        request.replaceSubrange(
            Self.nameSize..<Self.nameSize + 4, with: unsafe withUnsafeBytes(of: index) { unsafe Array($0) })
        guard ask(0x8910, &request) else { return nil }
        return String(decoding: request.prefix(Self.nameSize).prefix { $0 != 0 }, as: UTF8.self)
    }

    /// The number of the link of this name; nil if there is none.
    package func index(ofLink name: String) -> CInt? {
        var request = Self.request(about: name)
        guard ask(0x8933, &request) else { return nil }
        return unsafe request.span.bytes.load(at: Self.nameSize, as: CInt.self)
    }

    /// The link-layer address of an Ethernet link, six bytes; nil if there is no such link.
    package func address(ofLink name: String) -> [UInt8]? {
        var request = Self.request(about: name)
        guard ask(0x8927, &request) else { return nil }
        // A sockaddr: two bytes of type, then the address.
        return Array(request[(Self.nameSize + 2)..<(Self.nameSize + 8)])
    }

    private static func request(about name: String) -> [UInt8] {
        let bytes = Array(name.utf8.prefix(nameSize - 1))
        return bytes + [UInt8](repeating: 0, count: 40 - bytes.count)
    }

    private func ask(_ code: UInt, _ request: inout [UInt8]) -> Bool {
        let raw = descriptor.rawValue
        return unsafe request.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return false }
            return unsafe ioctl(raw, code, base) == 0
        }
    }
}
