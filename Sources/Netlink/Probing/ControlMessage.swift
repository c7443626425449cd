import CLinux
import Glibc

/// Ancillary data beside a datagram: cmsg(3).
///
/// Laid out by hand, since the `CMSG_…` macros do not reach Swift: a length of eight bytes, level and type of four
/// each, then the data, everything aligned to eight.
enum ControlMessage {
    private static let headerSize = 16

    private static func aligned(_ length: Int) -> Int { (length + 7) & ~7 }

    /// Calls `body` with the level, type and data of each message in `bytes`.
    static func forEach(in bytes: RawSpan, _ body: (CInt, CInt, RawSpan) -> Void) {
        var offset = 0
        while offset + headerSize <= bytes.byteCount {
            let length = bytes.load(at: offset, as: Int.self)
            guard length >= headerSize, offset + length <= bytes.byteCount else { return }
            body(
                bytes.load(at: offset + 8, as: CInt.self),
                bytes.load(at: offset + 12, as: CInt.self),
                bytes.extracting((offset + headerSize)..<(offset + length))
            )
            offset += aligned(length)
        }
    }

    /// Makes a datagram leave from `source`: `IP_PKTINFO` of ip(7), `IPV6_PKTINFO` of RFC 3542 §6.
    static func packetInfo(source: SocketAddress) -> [UInt8] {
        switch source.family {
        case .v4:
            // in_pktinfo: interface index, local address, address of the header.
            message(IPPROTO_IP, IP_PKTINFO, size: 12, UInt32(truncatingIfNeeded: source.bits).bigEndian, at: 4)
        case .v6:
            // in6_pktinfo: address, interface index.
            message(IPPROTO_IPV6, IPV6_PKTINFO, size: 20, source.bits.bigEndian, at: 0)
        }
    }

    /// One whose data are zero but for `value`.
    private static func message<Value: FixedWidthInteger & BitwiseCopyable>(
        _ level: Int, _ type: CInt, size: Int, _ value: Value, at offset: Int
    ) -> [UInt8] {
        let length = headerSize + size
        var bytes = [UInt8](repeating: 0, count: aligned(length))
        unsafe bytes.withUnsafeMutableBytes { bytes in
            unsafe bytes.storeBytes(of: length, toByteOffset: 0, as: Int.self)
            unsafe bytes.storeBytes(of: CInt(level), toByteOffset: 8, as: CInt.self)
            unsafe bytes.storeBytes(of: type, toByteOffset: 12, as: CInt.self)
            unsafe bytes.storeBytes(of: value, toByteOffset: headerSize + offset, as: Value.self)
        }
        return bytes
    }
}

/// An error that the kernel holds against a datagram sent earlier: `sock_extended_err` in linux/errqueue.h.
package struct SocketErrorReport: Hashable, Sendable {
    package enum Origin: Hashable, Sendable {
        /// This machine, before anything left it.
        case local
        case icmp
        case icmp6
    }

    package let errno: CInt
    package let origin: Origin
    /// Of the ICMP message.
    package let type: UInt8
    package let code: UInt8
    /// The MTU, where the message names one.
    package let info: UInt32
    /// Who sent the ICMP message.
    package let offender: SocketAddress?

    package init(
        errno: CInt, origin: Origin, type: UInt8, code: UInt8, info: UInt32 = 0, offender: SocketAddress? = nil
    ) {
        self.errno = errno
        self.origin = origin
        self.type = type
        self.code = code
        self.info = info
        self.offender = offender
    }

    init?(reading bytes: RawSpan) {
        guard bytes.byteCount >= 16 else { return nil }
        switch bytes.load(at: 4, as: UInt8.self) {
        case 1: origin = .local
        case 2: origin = .icmp
        case 3: origin = .icmp6
        default: return nil
        }
        errno = bytes.load(at: 0, as: CInt.self)
        type = bytes.load(at: 5, as: UInt8.self)
        code = bytes.load(at: 6, as: UInt8.self)
        info = bytes.load(at: 8, as: UInt32.self)
        offender = SocketAddress(reading: bytes.extracting(droppingFirst: 16))
    }
}
