import Applier
import Foundation
import NetworkState
import TestSupport
import Testing

/// Tables of address translation, against the real `nft`.
@Suite(.namespaces)
struct NATTableTests {
    private static let name = "weft-test"
    private let host: TestHost
    private let table: NATTable

    init() throws {
        host = try TestHost()
        var rules = NATRules()
        rules.bridge = .init(name: "docker0", subnets: [IPPrefix("172.17.0.0/24")], masquerades: true)
        rules.published = [.init(PublishedPort(hostPort: 8080, containerPort: 80), to: IPAddress("172.17.0.2"))]
        table = try #require(rules.table(named: Self.name))
    }

    /// What `nft` itself lists.
    private func ruleset() throws -> String {
        let finished = try TestSupport.run(
            ["nsenter", "--net=/run/netns/\(host.name)", "nft", "-s", "-y", "list", "ruleset"])
        try #require(finished.status == 0, "\(finished.errors)")
        return finished.output
    }

    private func nft(_ commands: String...) throws { try host.shell(commands.map { "nft '\($0)'" }) }

    private func observed() throws -> NATTable? {
        var applier = Applier(host.namespaces)
        let interest = HostState([(.own, .table(.any(named: Self.name)))])
        return try applier.observe(interest).namespaces[.own]?.tables[Self.name]
    }

    private func execute(from before: NATTable?, to after: NATTable?) throws {
        var applier = Applier(host.namespaces)
        let change = Change(in: .own, from: before.map(Resource.table), to: after.map(Resource.table))
        try applier.execute(Plan([change]))
        #expect(applier.modifyingMessageCount == 1)
    }

    @Test func `a table is made, seen as it was declared, and removed`() throws {
        #expect(try observed() == nil)
        try execute(from: nil, to: table)
        #expect(try ruleset() == table.text)
        #expect(try observed() == table)
        try execute(from: table, to: nil)
        #expect(try ruleset().isEmpty)
    }

    /// How somebody might change it by hand.
    @Test(arguments: [
        "add rule inet weft-test postrouting counter", "insert rule inet weft-test output ip saddr 10.0.0.1 accept",
        "flush table inet weft-test", "flush chain inet weft-test prerouting",
        "delete chain inet weft-test output", "add chain inet weft-test extra",
        "add set inet weft-test odd { type ipv4_addr; elements = { 10.0.0.1, 10.0.0.2, 10.0.0.3 }; }",
        "add chain inet weft-test output { policy drop; }",
    ])
    func `whatever somebody does to a table is seen, mended, and can be put back`(_ command: String) throws {
        try execute(from: nil, to: table)
        try nft(command)
        let changed = try #require(try observed())
        #expect(changed.text == (try ruleset()))
        #expect(!table.isSatisfied(by: changed))
        try execute(from: changed, to: table)
        #expect(try ruleset() == table.text)
        try execute(from: table, to: changed)
        #expect(try ruleset() == changed.text)
    }

    @Test func `other tables are left alone`() throws {
        try nft("table inet filter { chain input { type filter hook input priority 0; policy accept; }; }")
        try nft("table ip weft-test { chain c {}; }", "table inet weft-test2 { chain c {}; }")
        let before = try ruleset()
        try execute(from: nil, to: table)
        let both = try ruleset()
        #expect(both.contains(table.text))
        #expect(both.replacing(table.text, with: "") == before)
        try execute(from: table, to: nil)
        #expect(try ruleset() == before)
    }

    @Test func `a change that fails after it puts the former table back`() throws {
        try nft("table inet weft-test { chain c { ip saddr 10.0.0.1 drop; }; }")
        let before = try #require(try observed())
        let impossible = Route(IPPrefix("10.9.0.0/16"), via: IPAddress("203.0.113.1"), device: "eth0")
        for (from, to) in [(before, table), (before, nil)] as [(NATTable?, NATTable?)] {
            var applier = Applier(host.namespaces)
            let error = #expect(throws: ApplyError.self) {
                try applier.execute(
                    Plan([
                        Change(in: .own, from: from.map(Resource.table), to: to.map(Resource.table)),
                        Change(in: .own, from: nil, to: .route(impossible)),
                    ]))
            }
            #expect(error?.outcome == .rolledBack, "\(String(describing: error))")
            #expect(try ruleset() == before.text)
        }
    }

    @Test func `a refusal carries the command and nft's own words`() throws {
        let odd = NATTable(name: Self.name, text: "table inet weft-test { chain c { jump nowhere; }; }\n")
        var applier = Applier(host.namespaces)
        let error = #expect(throws: ApplyError.self) {
            try applier.execute(Plan([Change(in: .own, from: nil, to: .table(odd))]))
        }
        #expect(
            error?.description == """
                nft 'table inet weft-test; delete table inet weft-test; table inet weft-test { chain c { jump nowhere; \
                }; }': nft: Could not process rule: No such file or directory
                  nothing was changed
                """)
        #expect(try ruleset().isEmpty)
    }

    @Test func `the printed commands do the same`() throws {
        try host.shell(Change(in: .own, from: nil, to: .table(table)).commands)
        #expect(try ruleset() == table.text)
        try host.shell(Change(in: .own, from: .table(table), to: .table(table)).commands)
        #expect(try ruleset() == table.text)
        let removal = Change(in: .own, from: .table(table), to: nil).commands
        #expect(removal == ["nft delete table inet weft-test"])
        try host.shell(removal)
        #expect(try ruleset().isEmpty)
        let inside = Change(in: .named("A 1"), from: .table(table), to: nil).commands
        #expect(inside == ["ip netns exec 'A 1' nft delete table inet weft-test"])
    }

    @Test func `a table of a container's is made there`() throws {
        let container = host.container("A1")
        var applier = Applier(host.namespaces)
        try applier.execute(Plan(HostState([(container, .netns), (container, .table(table))]).additions()))
        #expect(try ruleset().isEmpty)
        let interest = HostState([(container, .table(.any(named: Self.name)))])
        #expect(try applier.observe(interest).namespaces[container]?.tables[Self.name] == table)
    }
}
