/// A link-layer address of six bytes: `ee:ee:ee:ee:ee:ee`.
package struct MACAddress: Hashable, Sendable {
    /// The address as a number; the first byte on the wire is the highest of six.
    package let bits: UInt64

    package init(bits: UInt64) {
        self.bits = bits & 0xffff_ffff_ffff
    }

    /// A locally administered unicast address (IEEE 802: second-lowest bit of the first byte) that follows from
    /// `seed` alone, so that every host computes the same one.
    package init(seed: String) {
        bits = (stableHash(seed) & 0xfcff_ffff_ffff | 0x0200_0000_0000) & 0xffff_ffff_ffff
    }

    /// Nil unless there are six.
    package init?(bytes: [UInt8]) { self.init(bytes: bytes[...]) }

    /// The same. Not of any collection: across modules that would go by witnesses, and every frame has two of them.
    package init?(bytes: ArraySlice<UInt8>) {
        guard bytes.count == 6 else { return nil }
        self.init(bits: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    package var bytes: [UInt8] {
        stride(from: 40, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bits >> UInt64($0)) }
    }

    /// Whether it may be the address of one link: neither a group address nor all zeros.
    package var isUnicast: Bool { bits != 0 && bits >> 40 & 1 == 0 }
}

extension MACAddress: Comparable {
    package static func < (left: MACAddress, right: MACAddress) -> Bool { left.bits < right.bits }
}

extension MACAddress: CustomStringConvertible {
    package var description: String {
        let text = stride(from: 40, through: 0, by: -8).flatMap { shift in
            [UInt8(ascii: ":"), Self.hexDigit(bits >> (shift + 4)), Self.hexDigit(bits >> shift)]
        }
        return String(decoding: text.dropFirst(), as: UTF8.self)
    }

    /// Reads six two-digit hexadecimal groups joined by colons; nil for anything else.
    package init?(parsing text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { part in
            part.utf8.count == 2 && part.allSatisfy(\.isHexDigit) ? UInt8(part, radix: 16) : nil
        }
        guard bytes.count == parts.count else { return nil }
        self.init(bytes: bytes)
    }

    private static func hexDigit(_ bits: UInt64) -> UInt8 {
        let digit = UInt8(bits & 0xf)
        return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}
