extension RawSpan {
    /// A hash that is the same in every process, for what is long and only has to be known again: each sixteen bytes take one
    /// multiplication whose halves are folded together, as in wyhash by Wang Yi. No protection from whoever seeks two
    /// contents of one hash.
    package var digest: UInt64 {
        let size = FoldedHash.blockSize
        var hash = FoldedHash(count: byteCount)
        for start in stride(from: 0, through: byteCount - size, by: size) { hash.add(block(at: start)) }
        if byteCount % size == 0 { return hash.value }
        // The last block is a whole one, which begins among what has been hashed already.
        hash.add(byteCount > size ? block(at: byteCount - size) : shortBlock)
        return hash.value
    }

    private func block(at start: Int) -> (UInt64, UInt64) {
        unsafe (
            unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self),
            unsafeLoadUnaligned(fromByteOffset: start + MemoryLayout<UInt64>.size, as: UInt64.self)
        )
    }

    /// Of what is shorter, filled with zeros: how long it is has been hashed.
    private var shortBlock: (UInt64, UInt64) {
        var words: (UInt64, UInt64) = (0, 0)
        for byte in byteArray.reversed() { words = (words.0 << 8 | UInt64(byte), words.1 << 8 | words.0 >> 56) }
        return words
    }
}

private struct FoldedHash {
    static let blockSize = 2 * MemoryLayout<UInt64>.size
    /// Any odd number of bits without a pattern will do: this is the golden ratio.
    private static let factor: UInt64 = 0x9e37_79b9_7f4a_7c15

    private(set) var value: UInt64

    init(count: Int) { value = UInt64(count) &* Self.factor }

    mutating func add(_ block: (UInt64, UInt64)) {
        let product = (block.0 ^ value).multipliedFullWidth(by: block.1 ^ Self.factor)
        value = product.high ^ product.low
    }
}
