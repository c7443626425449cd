import Netlink
import NetworkState
import TestSupport
import Testing

@Suite(.namespaces)
struct NftablesTests {
    @Test func `a context stays in the namespace that it was made in`() throws {
        let first = try NetworkNamespace()
        let second = try NetworkNamespace()
        var one = try first.run { () throws(SystemError) in try Nftables.open() }
        var two = try second.run { () throws(SystemError) in try Nftables.open() }
        try one.run("table inet weft-one {}")
        try two.run("table inet weft-two {}")
        #expect(try one.run("list tables") == "table inet weft-one\n")
        #expect(try two.run("list tables") == "table inet weft-two\n")
    }

    @Test func `all commands of a run are carried out, or none, and nft's own words say why`() throws {
        var nftables = try Self.context()
        let error = #expect(throws: NftablesError.self) {
            try nftables.run("table inet weft-a { chain c {}; }\ndelete chain inet weft-a d")
        }
        #expect(error?.description == "nft: Could not process rule: No such file or directory")
        #expect(error?.saysNotThere == true)
        #expect(error?.isPermission == false)
        #expect(try nftables.run("list tables").isEmpty)
        #expect(try nftables.run("table inet weft-a {}\nlist tables") == "table inet weft-a\n")
    }

    @Test func `what is no command is told so`() throws {
        var nftables = try Self.context()
        let error = #expect(throws: NftablesError.self) { try nftables.run("tabel inet x") }
        #expect(error?.words.hasPrefix("syntax error") == true, "\(String(describing: error))")
    }

    @Test(arguments: 0..<60)
    func `a table of ours is listed word for word as it was written`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        guard let table = NATRules.random(using: &random).table(named: "weft-t.e_s-t\(seed)") else { return }
        var nftables = try Self.context()
        for _ in 0..<2 {
            try nftables.run(table.replacement)
            #expect(try nftables.run(table.listing) == table.text)
        }
        try nftables.run(table.replacementLine)
        #expect(try nftables.run(table.listing) == table.text)
        try nftables.run(table.removal)
        #expect(try nftables.run("list ruleset").isEmpty)
        try nftables.run(table.removal)
    }

    private static func context() throws -> Nftables {
        try NetworkNamespace().run { () throws(SystemError) in try Nftables.open() }
    }
}

extension NATRules {
    fileprivate static func random(using random: inout SeededGenerator) -> NATRules {
        var rules = NATRules()
        rules.pools = prefixes(upTo: 12, using: &random)
        if Bool.random(using: &random) {
            rules.bridge = Bridge(
                name: LinkName(known: "docker0"), subnets: prefixes(upTo: 3, using: &random),
                masquerades: Bool.random(using: &random))
        }
        rules.published = (0..<Int.random(in: 0...6, using: &random)).map { _ in
            let port = PublishedPort(
                hostPort: .random(in: 1 ... .max, using: &random),
                containerPort: .random(in: 1 ... .max, using: &random),
                transport: Bool.random(using: &random) ? .tcp : .udp)
            return Publication(port, to: prefix(using: &random).address)
        }
        return rules
    }

    private static func prefixes(upTo count: Int, using random: inout SeededGenerator) -> [IPPrefix] {
        (0..<Int.random(in: 0...count, using: &random)).map { _ in prefix(using: &random) }
    }

    /// Often next to each other, or overlapping.
    private static func prefix(using random: inout SeededGenerator) -> IPPrefix {
        let isOld = Bool.random(using: &random)
        let family: IPAddress.Family = isOld ? .v4 : .v6
        let base: UInt128 = isOld ? 0x0a00_0000 : 0xfd00 << 112
        let shift = UInt128(Int.random(in: 0...16, using: &random))
        let address = IPAddress(family: family, bits: base | UInt128.random(in: 0...15, using: &random) << shift)
        let length = family.width - Int.random(in: 0...18, using: &random)
        return IPPrefix(address, length: length)?.network ?? IPPrefix(host: address)
    }
}
