/// An IPv4 or IPv6 address.
package struct IPAddress: Hashable, Sendable {
    package enum Family: UInt8, Hashable, CaseIterable, Sendable {
        case v4, v6

        /// The number of bits in an address: 32 or 128.
        package var width: Int { self == .v4 ? 32 : 128 }

        /// `IPv4` or `IPv6`, for messages.
        package var word: String { self == .v4 ? "IPv4" : "IPv6" }
    }

    // Two words rather than a UInt128, whose alignment would add eight bytes to every route; and the family last, so that
    // what is small and comes next finds room behind it.
    private let high: UInt64
    let low: UInt64
    package let family: Family

    /// The address as a number; an IPv4 address occupies the lowest 32 bits.
    package var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }

    package init(family: Family, bits: UInt128) {
        self.family = family
        high = UInt64(truncatingIfNeeded: bits >> 64)
        low = UInt64(truncatingIfNeeded: bits)
    }

    /// Hashed in one or two steps: tables of a large network are asked for addresses many million times.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(low)
        if family == .v6 { hasher.combine(high) }
    }

    /// An IPv4 address from its number in host byte order.
    package init(v4 bits: UInt32) {
        self.init(family: .v4, bits: UInt128(bits))
    }

    /// The address from 4 or 16 bytes in network byte order; nil for any other count.
    package init?(bytes: [UInt8]) { self.init(bytes: bytes[...]) }

    /// The same. Not of any collection: across modules that would go by witnesses, and every packet has two of them.
    package init?(bytes: ArraySlice<UInt8>) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        let family: Family = bytes.count == 4 ? .v4 : .v6
        if family == .v4 {
            self.init(v4: bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
            return
        }
        let bits = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        self.init(family: family, bits: bits)
    }

    /// The bytes in network byte order: 4 or 16 of them.
    package var bytes: [UInt8] {
        stride(from: family.width - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bits >> UInt128($0)) }
    }

    /// The link-local address that a link with `mac` gives itself: `fe80::` and the modified EUI-64 identifier (RFC 4291,
    /// appendix A).
    package init(linkLocalOf mac: MACAddress) {
        let identifier = (mac.bits & 0xffff_ff00_0000) << 16 | 0xff_fe00_0000 | mac.bits & 0xff_ffff
        let universal: UInt64 = 0x0200_0000_0000_0000
        self.init(family: .v6, bits: UInt128(0xfe80) << 112 | UInt128(identifier ^ universal))
    }

    package static func any(_ family: Family) -> IPAddress { IPAddress(family: family, bits: 0) }

    /// The address `offset` places after this one, or nil past the end of the family's space.
    package func advanced(by offset: UInt128) -> IPAddress? {
        let (sum, overflow) = bits.addingReportingOverflow(offset)
        guard !overflow, family == .v6 || sum <= UInt128(UInt32.max) else { return nil }
        return IPAddress(family: family, bits: sum)
    }

    /// `169.254.0.0/16` (RFC 3927) or `fe80::/10` (RFC 4291).
    package var isLinkLocal: Bool {
        family == .v4 ? low >> 16 == 0xa9fe : high >> 54 == 0xfe80 >> 6
    }

    /// `224.0.0.0/4` (RFC 5771) or `ff00::/8` (RFC 4291).
    package var isMulticast: Bool {
        family == .v4 ? low >> 28 == 0xe : high >> 56 == 0xff
    }

    /// `127.0.0.0/8` (RFC 1122) or `::1` (RFC 4291).
    package var isLoopback: Bool {
        family == .v4 ? low >> 24 == 127 : bits == 1
    }
}

extension IPAddress: Comparable {
    package static func < (left: IPAddress, right: IPAddress) -> Bool {
        (left.family.rawValue, left.high, left.low) < (right.family.rawValue, right.high, right.low)
    }
}
