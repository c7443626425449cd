import Netlink
import NetworkState
import Testing

struct DigestTests {
    private static let lengths: [Int] = Array(0...40) + [64, 1000]

    private func bytes(_ count: Int) -> [UInt8] {
        var generator = SplitMix64(seed: 7)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }

    private func digest(_ bytes: [UInt8]) -> UInt64 { bytes.inPlace.digest }

    @Test(arguments: lengths) func `each bit counts, wherever it is`(_ length: Int) {
        let bytes = bytes(length)
        var digests: Set = [digest(bytes)]
        for place in 0..<length * 8 {
            var changed = bytes
            changed[place / 8] ^= 1 << (place % 8)
            digests.insert(digest(changed))
        }
        #expect(digests.count == length * 8 + 1)
    }

    @Test(arguments: lengths) func `the same bytes have the same digest, wherever they are`(_ length: Int) {
        let bytes = bytes(length)
        for offset in 0..<16 {
            let larger = Array(repeating: 0xff, count: offset) + bytes + [0xff]
            let part = larger.inPlace.extracting(droppingFirst: offset).extracting(first: length)
            let found = part.digest
            #expect(found == digest(bytes))
        }
    }

    @Test func `how many zeros there are counts as well`() {
        #expect(Set((0...100).map { digest([UInt8](repeating: 0, count: $0)) }).count == 101)
    }

    @Test func `two blocks in another order are something else`() {
        let bytes = bytes(32)
        let turned = Array(bytes.suffix(16) + bytes.prefix(16))
        #expect(digest(turned) != digest(bytes))
    }
}
