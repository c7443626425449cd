import NetworkState
import Testing

struct IPPrefixTests {
    @Test(arguments: [
        ("172.17.8.0/24", "172.17.8.1"), ("172.17.8.4/30", "172.17.8.5"), ("172.17.8.0/31", nil),
        ("fd00:8::/64", "fd00:8::1"), ("fd00:8::4/126", "fd00:8::5"), ("fd00:8::/127", nil), ("fd00:8::/128", nil),
    ])
    func `the first usable address is a bridge's, where there is room for one`(
        _ prefix: String, _ address: String?
    ) throws {
        #expect(try #require(IPPrefix(parsing: prefix)).firstUsable?.description == address)
    }

    @Test(arguments: ["172.17.8.0/24", "0.0.0.0/0", "10.0.0.1/32", "fd00::/8", "::/0"])
    func `a prefix is written as it was read`(_ text: String) throws {
        #expect(try #require(IPPrefix(parsing: text)).description == text)
    }

    @Test(arguments: ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "fd00::/129", "10.0.0.0/8/8", "/8"])
    func `what is no prefix is not read`(_ text: String) {
        #expect(IPPrefix(parsing: text) == nil)
    }

    @Test(arguments: [
        ("172.17.8.0/24", "172.17.8.128/25", true), ("172.17.8.0/24", "172.17.9.0/24", false),
        ("0.0.0.0/0", "10.0.0.0/8", true), ("fd00::/8", "10.0.0.0/8", false), ("::/0", "fd00::/8", true),
    ])
    func `prefixes overlap when one holds the other, either way round`(_ a: String, _ b: String, _ overlap: Bool) throws
    {
        let (a, b) = (try #require(IPPrefix(parsing: a)), try #require(IPPrefix(parsing: b)))
        #expect(a.overlaps(b) == overlap)
        #expect(b.overlaps(a) == overlap)
    }

    @Test func `a network has no host bits, and its last address all of them`() throws {
        let prefix = try #require(IPPrefix(parsing: "192.168.100.101/24"))
        #expect(prefix.hasHostBits)
        #expect(prefix.network.description == "192.168.100.0/24")
        #expect(prefix.last.description == "192.168.100.255")
    }
}
