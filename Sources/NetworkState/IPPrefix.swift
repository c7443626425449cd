/// An address and how many of its leading bits name the network: `172.17.8.0/24`.
///
/// A prefix may have host bits set, as an address on a link does (`192.168.100.100/24`); ``network`` clears them.
package struct IPPrefix: Hashable, Sendable {
    package let address: IPAddress
    // A byte, as there are tables of a hundred thousand prefixes.
    private let bitCount: UInt8

    package var length: Int { Int(bitCount) }

    /// Nil when `length` is not in `0...32` or `0...128`.
    package init?(_ address: IPAddress, length: Int) {
        guard (0...address.family.width).contains(length) else { return nil }
        self.address = address
        bitCount = UInt8(length)
    }

    /// The prefix that holds `address` alone: a /32 or /128.
    package init(host address: IPAddress) {
        self.address = address
        bitCount = UInt8(address.family.width)
    }

    /// `0.0.0.0/0` or `::/0`.
    package static func everything(_ family: IPAddress.Family) -> IPPrefix {
        IPPrefix(unchecked: .any(family), length: 0)
    }

    private init(unchecked address: IPAddress, length: Int) {
        self.address = address
        bitCount = UInt8(length)
    }

    package var family: IPAddress.Family { address.family }

    private var hostMask: UInt128 {
        let hostBits = family.width - length
        return hostBits == 128 ? .max : (UInt128(1) << UInt128(hostBits)) - 1
    }

    /// This prefix without host bits.
    package var network: IPPrefix {
        IPPrefix(unchecked: IPAddress(family: family, bits: address.bits & ~hostMask), length: length)
    }

    package var hasHostBits: Bool { address.bits & hostMask != 0 }

    /// Whether it holds a single address.
    package var isHost: Bool { length == family.width }

    /// The highest address in it: an IPv4 network's broadcast address.
    package var last: IPAddress { IPAddress(family: family, bits: address.bits | hostMask) }

    /// The number of addresses in it, less one, so that `::/0` has one too.
    package var lastOffset: UInt128 { hostMask }

    /// The address after the network's own, which a bridge has as its containers' gateway; nil where there would be no
    /// room for containers besides, as in an IPv4 /31 or an IPv6 /127.
    package var firstUsable: IPAddress? {
        length > family.width - 2 ? nil : network.address.advanced(by: 1)
    }

    package func contains(_ other: IPAddress) -> Bool {
        other.family == family && agrees(with: other, on: length)
    }

    package func contains(_ other: IPPrefix) -> Bool {
        other.length >= length && contains(other.address)
    }

    package func overlaps(_ other: IPPrefix) -> Bool {
        family == other.family && agrees(with: other.address, on: min(length, other.length))
    }

    /// Whether the first `length` bits are those of an address of the same family.
    private func agrees(with other: IPAddress, on length: Int) -> Bool {
        if family == .v4 { return (address.low ^ other.low) >> UInt64(32 - length) == 0 }
        return length == 0 || (address.bits ^ other.bits) >> UInt128(128 - length) == 0
    }
}

extension IPPrefix: Comparable {
    package static func < (left: IPPrefix, right: IPPrefix) -> Bool {
        (left.address, left.length) < (right.address, right.length)
    }
}

extension IPPrefix: CustomStringConvertible {
    /// `ADDRESS/LENGTH`.
    package var description: String { "\(address)/\(length)" }

    /// As iproute2 writes a destination: `default`, a bare address for a /32 or /128, else `ADDRESS/LENGTH`.
    package var destinationText: String {
        if length == 0 { return "default" }
        return isHost ? address.description : description
    }

    /// Reads `ADDRESS/LENGTH`; nil for anything else, a bare address included.
    package init?(parsing text: String) { self.init(written: Array(text.utf8)[...]) }

    package init?(parsing text: Substring) {
        guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")), let address = IPAddress(parsing: text[..<slash])
        else { return nil }
        self.init(address, lengthDigits: text.utf8[slash...].dropFirst())
    }

    /// The same from bytes.
    init?(written text: ArraySlice<UInt8>) {
        guard let slash = text.firstIndex(of: UInt8(ascii: "/")), let address = IPAddress(written: text[..<slash])
        else { return nil }
        self.init(address, lengthDigits: text[slash...].dropFirst())
    }

    private init?(_ address: IPAddress, lengthDigits digits: some Collection<UInt8>) {
        var length = 0
        for digit in digits {
            guard (48...57).contains(digit), length <= address.family.width else { return nil }
            length = length * 10 + Int(digit - 48)
        }
        guard !digits.isEmpty else { return nil }
        self.init(address, length: length)
    }
}

extension IPPrefix {
    package func hash(into hasher: inout Hasher) {
        hasher.combine(address)
        hasher.combine(bitCount)
    }
}
