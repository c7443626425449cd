/// A 64-bit hash that is the same in every process and on every machine: FNV-1a with the finaliser of SplitMix64.
///
/// Link names and MAC addresses are derived from it, so it may never change: `Hasher` is seeded anew in each process.
package func stableHash(_ text: String) -> UInt64 {
    var hash = StableHash()
    hash.add(text.utf8)
    return hash.value
}

/// ``stableHash(_:)`` of a text that comes in pieces.
package struct StableHash: Sendable {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    package init() {}

    package mutating func add(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }

    /// Eight bytes at once; the same bytes one by one give another hash.
    package mutating func add(word: UInt64) { state = SplitMix64.mixed(state ^ word) }

    package mutating func add(_ text: String.UTF8View) {
        for byte in text { add(byte) }
    }

    package var value: UInt64 { SplitMix64.mixed(state) }
}
