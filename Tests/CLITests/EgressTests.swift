import Foundation
import TestSupport
import Testing

/// The nftables table of a topology with egress, from `weft plan` to `weft destroy`, looked at with `nft`.
@Suite(.namespaces)
struct EgressTests {
    private static let pools = "{ 10.64.0.0/16, 172.17.0.0/16 }"
    private static let rule = "ip saddr \(pools) ip daddr != \(pools) masquerade"

    private let machine: Machine
    private let file = TopologyFile("calico-egress").url.path

    init() throws {
        machine = try Machine()
    }

    private func apply() throws {
        let finished = try machine.weft("apply", file, "--host", "A")
        try #require(finished.status == 0, "\(finished.errors)")
    }

    private func plan(_ topology: String? = nil) throws -> Finished {
        try machine.weft(
            "plan", "-", "--host", "A", "--exit-code", input: topology ?? TopologyFile("calico-egress").text)
    }

    /// Of a plan, the lines about tables.
    private func lines(_ finished: Finished) -> [String] {
        finished.lines.filter { $0.contains(#/^ *(\+|-|~|-/\+|!) table /#) }.map { line in
            String(line.prefix { $0 != "#" }.reversed().drop { $0 == " " }.reversed())
        }
    }

    private func ruleset() throws -> String { try machine.run("nft", "list", "ruleset").output }

    private func withoutEgress() throws -> String {
        try TopologyFile("calico-egress").text.replacing(#", "egress": "masquerade""#, with: "")
    }

    @Test func `applying twice sends nothing the second time`() throws {
        try apply()
        #expect(try ruleset().contains(Self.rule))
        let again = try machine.weft("apply", file, "--host", "A", "--detailed-exitcode")
        #expect(again.status == 0, "\(again.output)")
    }

    @Test func `what somebody did to the table is shown rule by rule, and mended`() throws {
        try apply()
        let before = try machine.dump()
        try machine.script(
            """
            nft insert rule inet weft-calico-egress postrouting ip daddr 10.0.0.1 accept
            nft add rule inet weft-calico-egress postrouting counter drop
            """)
        let changed = try plan()
        #expect(changed.status == 2)
        #expect(
            lines(changed) == [
                "  ~ table     A/weft-calico-egress  - counter drop; - ip daddr 10.0.0.1 accept"
            ])
        try apply()
        try expectSame(machine.dump(), before)
        try machine.script("nft flush table inet weft-calico-egress")
        #expect(lines(try plan()) == ["  ~ table     A/weft-calico-egress  + \(Self.rule)"])
        try machine.script("nft delete table inet weft-calico-egress")
        #expect(lines(try plan()) == ["  + table     A/weft-calico-egress  \(Self.rule)"])
    }

    @Test func `the table goes when the topology has no use for it any more`() throws {
        try apply()
        let without = try withoutEgress()
        #expect(lines(try plan(without)) == ["  - table     A/weft-calico-egress  \(Self.rule)"])
        #expect(try machine.weft("apply", "-", "--host", "A", input: without).status == 0)
        #expect(try ruleset().isEmpty)
    }

    @Test func `a host is destroyed to what it was, and foreign tables stay`() throws {
        try machine.script(
            "nft 'table inet weft-other { chain c { drop; }; }; table ip weft-calico-egress { chain c {}; }'")
        let before = try machine.dump()
        try apply()
        #expect(try machine.weft("destroy", "--host", "A").status == 0)
        try expectSame(machine.dump(), before)
    }

    @Test func `without a ledger the table is known by its name`() throws {
        try apply()
        try machine.script("rm -r /run/weft; nft add rule inet weft-calico-egress postrouting drop")
        #expect(lines(try plan()) == ["  ~ table     A/weft-calico-egress  - drop"])
        #expect(lines(try plan(withoutEgress())) == ["  - table     A/weft-calico-egress  \(Self.rule); drop"])
        let destroyed = try machine.weft("destroy", file, "--host", "A")
        #expect(destroyed.status == 0, "\(destroyed.errors)")
        #expect(try ruleset().isEmpty)
    }

    @Test func `somebody else's table of that name is in the way, and stays`() throws {
        try machine.script("nft 'table inet weft-calico-egress { chain c { ip saddr 10.0.0.1 drop; }; }'")
        let before = try machine.dump()
        let finished = try machine.weft("apply", file, "--host", "A")
        #expect(finished.status == 7, "\(finished.errors)")
        #expect(finished.errors.contains("held by a table of that name; --take-over to replace"))
        try expectSame(machine.dump(), before)
    }

    @Test func `who may not look at tables can still plan where none is declared`() throws {
        let weft = ["setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin", Weft.path]
        let arguments = ["plan", "-", "--host", "A"]
        let without = try machine.run(weft + arguments, input: withoutEgress())
        #expect(without.status == 0, "\(without.errors)")
        let with = try machine.run(weft + arguments, input: TopologyFile("calico-egress").text)
        #expect(with.status == 10)
        #expect(with.errors.contains("nft list table inet weft-calico-egress: "))
        #expect(with.errors.contains("Operation not permitted"))
    }
}
