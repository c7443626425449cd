import Testing

@testable import Compiler

struct SuggestionTests {
    private let words = ["mtu", "name", "subnet", "segment", "containers", "crossSubnet"]

    @Test(arguments: [
        ("mut", "mtu"), ("nmae", "name"), ("subnets", "subnet"), ("sgement", "segment"), ("contaner", "containers"),
        ("CROSSSUBNET", "crossSubnet"), ("Name", "name"),
    ])
    func `a slip is recognised`(_ slip: String, _ word: String) {
        #expect(closest(to: slip, in: words) == word)
    }

    @Test(arguments: ["", "x", "vlan", "host", "nothing", "segmentation-fault"])
    func `another word is not taken for a slip`(_ word: String) {
        #expect(closest(to: word, in: words) == nil)
    }

    @Test(arguments: [("ab", "ba", 1), ("kitten", "sitting", 3), ("", "abc", 3), ("abc", "abc", 0), ("ca", "abc", 3)])
    func `swapped neighbours are one slip`(_ a: String, _ b: String, _ distance: Int) {
        #expect(editDistance(Array(a.unicodeScalars), Array(b.unicodeScalars)) == distance)
    }
}
