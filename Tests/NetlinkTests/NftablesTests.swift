import Foundation
import Netlink
import NetworkState
import TestSupport
import Testing

@Suite(.namespaces)
struct NftablesTests: ~Copyable {
    private let namespace: NetworkNamespace

    init() throws { namespace = try NetworkNamespace() }

    private func nft(_ commands: String) throws -> String {
        try Nftables.run(commands, in: namespace).get()
    }

    @Test func `what is run in a namespace stays there`() throws {
        let other = try NetworkNamespace()
        _ = try nft("table inet weft-one {}")
        try Nftables.run("table inet weft-two {}", in: other)
        #expect(try nft("list tables") == "table inet weft-one\n")
        #expect(try Nftables.run("list tables", in: other).get() == "table inet weft-two\n")
    }

    @Test func `all commands of a run are carried out, or none, and nft's own words say why`() throws {
        let error = #expect(throws: NftablesError.self) {
            try nft("table inet weft-a { chain c {}; }\ndelete chain inet weft-a d")
        }
        #expect(error?.description == "nft: Could not process rule: No such file or directory")
        #expect(error?.saysNotThere == true)
        #expect(error?.isPermission == false)
        #expect(try nft("list tables").isEmpty)
        #expect(try nft("table inet weft-a {}\nlist tables") == "table inet weft-a\n")
    }

    @Test func `what is no command is told so`() throws {
        let error = #expect(throws: NftablesError.self) { try nft("tabel inet x") }
        #expect(error?.words.hasPrefix("syntax error") == true, "\(String(describing: error))")
    }

    /// The library waits by select(2), which takes no number from 1,024 on and ends the process instead.
    @Test func `a process may hold more files than the library could count`() throws {
        try DescriptorLimit.raise()
        let held = try ManyFiles(count: 1_100)
        #expect(held.highest >= 1_024)
        #expect(try nft("table inet weft-a {}\nlist tables") == "table inet weft-a\n")
        withExtendedLifetime(held) {}
    }

    @Test(arguments: 0..<60)
    func `a table of ours is listed word for word as it was written`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        guard let table = NATRules.random(using: &random).table(named: "weft-t.e_s-t\(seed)") else { return }
        for _ in 0..<2 {
            _ = try nft(table.replacement)
            #expect(try nft(table.listing) == table.text)
        }
        _ = try nft(table.replacementLine)
        #expect(try nft(table.listing) == table.text)
        _ = try nft(table.removal)
        #expect(try nft("list ruleset").isEmpty)
        _ = try nft(table.removal)
    }
}

/// Many open files.
private final class ManyFiles {
    private var handles: [FileHandle] = []

    init(count: Int) throws {
        for _ in 0..<count {
            handles.append(try #require(FileHandle(forReadingAtPath: "/dev/null")))
        }
    }

    var highest: Int32 { handles.map(\.fileDescriptor).max() ?? 0 }
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
