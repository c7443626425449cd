import NetworkState

// Packets in place: numbers with the most significant byte first, at offsets that the caller has checked. The
// subscripts check them once more.

extension Span<UInt8> {
    func uint16(at offset: Int) -> UInt16 { UInt16(self[offset]) << 8 | UInt16(self[offset + 1]) }

    func address(_ family: IPAddress.Family, at offset: Int) -> IPAddress {
        var bits: UInt128 = 0
        for index in offset..<(offset + family.width / 8) { bits = bits << 8 | UInt128(self[index]) }
        return IPAddress(family: family, bits: bits)
    }

    /// The sum of `range` in one's complement, as 16-bit words, not yet complemented (RFC 1071). A last odd byte counts
    /// as if a zero followed.
    func sum(_ range: Range<Int>, adding start: UInt32 = 0) -> UInt32 {
        var sum = start
        var offset = range.lowerBound
        while offset + 1 < range.upperBound {
            sum = folded(sum + UInt32(uint16(at: offset)))
            offset += 2
        }
        if offset < range.upperBound { sum = folded(sum + UInt32(self[offset]) << 8) }
        return sum
    }
}

extension MutableSpan<UInt8> {
    mutating func store(_ value: UInt16, at offset: Int) {
        self[offset] = UInt8(value >> 8)
        self[offset + 1] = UInt8(truncatingIfNeeded: value)
    }

    mutating func store(_ address: IPAddress, at offset: Int) {
        let count = address.family.width / 8
        for index in 0..<count {
            self[offset + index] = UInt8(truncatingIfNeeded: address.bits >> UInt128(8 * (count - 1 - index)))
        }
    }

    mutating func clear(_ range: Range<Int>) {
        for index in range { self[index] = 0 }
    }

    /// Moves the first `count` bytes `distance` places towards the end.
    mutating func shift(_ count: Int, by distance: Int) {
        var index = count
        while index > 0 {
            index -= 1
            self[index + distance] = self[index]
        }
    }
}

/// A one's complement sum, with its carries added in: at most 16 bits.
func folded(_ sum: UInt32) -> UInt32 {
    let once = sum & 0xffff + sum >> 16
    return once & 0xffff + once >> 16
}

/// What stands in a header for `sum`.
func checksum(_ sum: UInt32) -> UInt16 { ~UInt16(truncatingIfNeeded: folded(sum)) }
