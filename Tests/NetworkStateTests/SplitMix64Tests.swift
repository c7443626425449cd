import NetworkState
import Testing

struct SplitMix64Tests {
    /// The first numbers of seed 1234567 as the authors' splitmix64.c prints them.
    @Test func `a seed gives the numbers of the reference implementation`() {
        var generator = SplitMix64(seed: 1_234_567)
        let numbers = (0..<3).map { _ in generator.next() }
        #expect(numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }

    @Test func `a hash that names are derived from never changes`() {
        #expect(stableHash("A/A1") == 0x15cc_77d7_42da_49f4)
        #expect(stableHash("") != stableHash("A/A1"))
    }
}
