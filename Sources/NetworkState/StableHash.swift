/// A 64-bit hash that is the same in every process and on every machine: FNV-1a with the finaliser of SplitMix64.
///
/// Link names and MAC addresses are derived from it, so it may never change: `Hasher` is seeded anew in each process.
package func stableHash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 {
        hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
    return SplitMix64.mixed(hash)
}
