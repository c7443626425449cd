import CLinux
import Glibc

/// An IP address and a port, as `sockaddr_in` and `sockaddr_in6` hold them.
package struct SocketAddress: Hashable, Sendable {
    package enum Family: UInt8, CaseIterable, Hashable, Sendable {
        case v4, v6

        var domain: CInt { self == .v4 ? AF_INET : AF_INET6 }
        /// The level of the family's socket options.
        var level: CInt { CInt(self == .v4 ? IPPROTO_IP : IPPROTO_IPV6) }
    }

    package let family: Family
    /// The address as a number; an IPv4 address occupies the lowest 32 bits.
    package let bits: UInt128
    package let port: UInt16

    package init(_ family: Family, bits: UInt128, port: UInt16 = 0) {
        self.family = family
        self.bits = bits
        self.port = port
    }

    /// The larger of the two, `sizeof(struct sockaddr_in6)`.
    static let maximumSize = 28

    /// As `bind(2)` and its siblings take it.
    var bytes: [UInt8] {
        let domain = UInt16(family.domain)
        var bytes = [UInt8(truncatingIfNeeded: domain), UInt8(domain >> 8)]
        bytes.append(contentsOf: [UInt8(port >> 8), UInt8(truncatingIfNeeded: port)])
        switch family {
        case .v4:
            bytes.append(contentsOf: addressBytes)
            bytes.append(contentsOf: repeatElement(0, count: 8))
        case .v6:
            bytes.append(contentsOf: repeatElement(0, count: 4))
            bytes.append(contentsOf: addressBytes)
            bytes.append(contentsOf: repeatElement(0, count: 4))
        }
        return bytes
    }

    /// The address alone, in network byte order.
    var addressBytes: [UInt8] {
        let width = family == .v4 ? 32 : 128
        return stride(from: width - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bits >> UInt128($0)) }
    }

    /// Reads what the kernel stored; nil for any other family.
    init?(reading bytes: RawSpan) {
        guard bytes.byteCount >= 16 else { return nil }
        let domain = CInt(bytes.load(at: 0, as: UInt16.self))
        port = UInt16(bigEndian: bytes.load(at: 2, as: UInt16.self))
        if domain == AF_INET {
            family = .v4
            bits = UInt128(UInt32(bigEndian: bytes.load(at: 4, as: UInt32.self)))
        } else if domain == AF_INET6, bytes.byteCount >= 24 {
            family = .v6
            bits = UInt128(bigEndian: bytes.load(at: 8, as: UInt128.self))
        } else {
            return nil
        }
    }

    /// Hands `body` the address as the socket calls take it.
    func withPointer<Value>(_ body: (UnsafePointer<sockaddr>?, socklen_t) -> Value) -> Value {
        if family == .v4 { return unsafe withPointer4(body) }
        return unsafe bytes.withUnsafeBytes { bytes in
            unsafe body(bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
    }

    /// The same without an array: millions of packets go to such addresses.
    private func withPointer4<Value>(_ body: (UnsafePointer<sockaddr>?, socklen_t) -> Value) -> Value {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(truncatingIfNeeded: bits).bigEndian
        return unsafe withUnsafeBytes(of: &address) { bytes in
            unsafe body(bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
    }
}

extension RawSpan {
    /// The value at `offset`, which must lie inside; Swift 6.3 has no checked load.
    func load<Value: BitwiseCopyable>(at offset: Int, as type: Value.Type) -> Value {
        precondition(offset >= 0 && offset + MemoryLayout<Value>.size <= byteCount, "load past the end")
        return unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: type)
    }
}
