import NetworkState
import TestSupport
import Testing

@testable import Compiler

/// Containers that a host only says the number of.
struct NumberedContainerTests {
    private func topology(_ hosts: String) -> SourceText {
        SourceText(
            name: "t.json",
            text: """
                {"version": 1, "network": {"pools": [{"subnet": "10.0.0.0/8", "block": 27}, {"subnet": "fd00::/48"}]},
                 "segments": [{"name": "lan", "subnet": ["192.168.0.0/24", "fd01::/64"]}], "hosts": [\(hosts)]}
                """)
    }

    private func host(_ name: String, _ rest: String) -> String {
        "{\"name\": \"\(name)\", \"links\": [{\"segment\": \"lan\"}], \(rest)}"
    }

    @Test(arguments: ["A", "h1", "h-"], [0, 1, 9, 29])
    func `they are those that could be listed by their names`(_ name: String, _ count: Int) throws {
        let stem = name == "h1" ? "h1-" : name
        let list = (1...29).prefix(count).map { "{\"name\": \"\(stem)\($0)\"}" }.joined(separator: ", ")
        let counted = try load(topology(host(name, "\"containers\": \(count)"))).hosts[0].containers
        let listed = try load(topology(host(name, "\"containers\": [\(list)]"))).hosts[0].containers
        #expect(counted.map(\.name) == listed.map(\.name))
        #expect(counted.map(\.addresses) == listed.map(\.addresses))
        #expect(counted.map(\.link) == listed.map(\.link))
        #expect(counted.families == listed.families)
    }

    @Test func `they leave out what another host's container has borrowed`() throws {
        let lender = host("A", "\"containers\": 4")
        let borrower = host("B", "\"containers\": [{\"name\": \"b\", \"address\": \"10.0.0.3\"}]")
        let containers = try load(topology("\(lender), \(borrower)")).hosts[0].containers
        #expect(containers.map { $0.addresses[0].description } == ["10.0.0.2", "10.0.0.4", "10.0.0.5", "10.0.0.6"])
    }

    @Test(arguments: [
        ("A", 3, "A2", true), ("A", 1, "A2", false), ("A", 3, "A02", false), ("A", 3, "A0", false),
        ("h1", 3, "h1-3", true),
        ("h1", 3, "h13", false), ("h1", 12, "h1-12", true), ("h1", 11, "h1-12", false),
    ])
    func `a name is taken if it is one of theirs`(_ host: String, _ count: Int, _ other: String, _ isTaken: Bool) {
        let text = topology("\(self.host(host, "\"containers\": \(count)")), \(self.host(other, "\"containers\": 0"))")
        do {
            _ = try load(text)
            #expect(!isTaken)
        } catch {
            #expect(isTaken && error.diagnostics.all.map(\.code) == [.nameClash])
        }
    }

    @Test func `hosts whose containers would be called alike are told apart by nobody`() {
        let text = topology("\(host("h1", "\"containers\": 2")), \(host("h1-", "\"containers\": 3"))")
        let error = #expect(throws: InvalidTopology.self) { try load(text) }
        #expect(error?.diagnostics.all.map(\.code) == [.nameClash])
    }

    @Test func `expectations may name them`() throws {
        let text = """
            {"version": 1, "network": {"pools": ["10.0.0.0/8"]}, "segments": [{"name": "lan", "subnet": "192.168.0.0/24"}],
             "hosts": [{"name": "h{1..2}", "links": [{"segment": "lan"}], "containers": 12}],
             "expect": [{"from": "h1-12", "to": ["h2-1", "h1-*"], "reach": false}]}
            """
        let expectation = try load(SourceText(name: "t.json", text: text)).expectations[0]
        #expect(expectation.from == ["h1-12"])
        #expect(expectation.to == Set(["h2-1"] + (1...12).map { "h1-\($0)" }))
    }
}
