import Compiler
import Foundation
import NetworkState
import TestSupport
import Testing

/// Every pair against what should become of it, by classes of ends that no table tells apart.
struct ReachabilityCheckTests {
    private let golden = Repository.tests.appending(path: "CompilerTests/Golden/reachability")

    /// One fixture expects what is not so, and a debug build takes ten seconds for another.
    private static let sound = (Fixture.valid + Fixture.sabotaged).filter {
        $0.name != "two-hosts" && $0.name != "calico-hundred-hosts"
    }

    /// Whatever is sabotaged in some breaks only when something happens.
    @Test(arguments: sound)
    func `a sound topology has no finding`(_ fixture: Fixture) throws {
        let topology = try load(fixture.source)
        #expect(ReachabilityCheck(topology).findings.map(\.text) == [])
    }

    /// Two hosts with two containers each: one to its neighbour, and one to the other host's, on either.
    @Test(arguments: [
        "calico-two-hosts", "calico-ipip", "calico-vxlan", "calico-dual-stack", "flannel-host-gw", "flannel-vxlan",
        "flannel-udp",
    ])
    func `containers that differ in nothing but their names are predicted once`(_ name: String) throws {
        let topology = try load(TopologyFile(name).source)
        let (classes, all) = (ReachabilityCheck(topology), ReachabilityCheck(thorough: topology))
        #expect(classes.pairs == all.pairs)
        #expect(all.predictions == all.pairs)
        let kinds = topology.hosts.count * topology.hosts.count
        #expect(classes.predictions == kinds * (topology.hosts[0].containers[0].addresses.count))
    }

    @Test(arguments: 0..<60)
    func `classes give the findings of all pairs, whatever is removed`(_ seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let topology = ValidTopology.random(using: &generator)
        var state = topology.plannedNamespaces
        for _ in 0..<(seed % 3) {
            guard let node = state.keys.sorted().randomElement(using: &generator),
                let resource = state[node]?.resources.randomElement(using: &generator)
            else { continue }
            state[node]?.remove(resource.identity)
        }
        // A part of a subnet alone, so that its containers are not alike.
        if seed % 3 > 0, let part = IPPrefix(parsing: "172.17.\(8 + seed % 2).4/30") {
            state["h\(seed / 2 % 2)"]?.insert(.route(Route(part, kind: .blackhole)))
        }
        let (classes, all) = (ReachabilityCheck(topology, state), ReachabilityCheck(thorough: topology, state))
        #expect(classes.findings.map(\.text) == all.findings.map(\.text))
        #expect(classes.pairs == all.pairs)
        if seed % 3 == 0 { #expect(all.findings.isEmpty) }
    }

    @Test(arguments: Sabotage.kinds.indices)
    func `classes give the findings of all pairs, whatever is sabotaged`(_ kind: Int) throws {
        let sabotage = Sabotage.kinds[kind]
        let topology = try load(TopologyFile(sabotage.topology).source)
        var state = topology.plannedNamespaces
        state.carryOut(try #require(sabotage.change(of: state)))
        let (classes, all) = (ReachabilityCheck(topology, state), ReachabilityCheck(thorough: topology, state))
        #expect(classes.findings.map(\.text) == all.findings.map(\.text))
    }

    @Test func `what each sabotage comes to is told by its cause, with one pair and their count`() throws {
        let texts = try Sabotage.kinds.map { sabotage in
            let topology = try load(TopologyFile(sabotage.topology).source)
            var state = topology.plannedNamespaces
            state.carryOut(try #require(sabotage.change(of: state)))
            return "# \(sabotage)\n" + ReachabilityCheck(topology, state).findings.map(\.text).joined()
        }
        expectGolden(texts.joined(separator: "\n"), golden.appending(path: "sabotages.txt"))
    }

    @Test func `what an author wants to be apart, and is not, is an error`() throws {
        let text = """
            {"version": 1, "name": "apart", "network": {"profile": "calico", "pools": ["172.17.0.0/16"]},
             "segments": [{"name": "lan", "subnet": "192.168.100.0/24"}],
             "hosts": [
              {"name": "A", "links": [{"segment": "lan"}], "containers": [{"name": "A1"}, {"name": "A2"}]},
              {"name": "B", "links": [{"segment": "lan"}], "containers": [{"name": "B1"}, {"name": "B2"}]}],
             "expect": [{"from": ["A1", "A2"], "to": ["B1", "B2"], "reach": false}]}
            """
        let check = ReachabilityCheck(try load(SourceText(name: "apart.json", text: text)))
        #expect(check.hasErrors)
        expectGolden(check.findings.map(\.text).joined(), golden.appending(path: "unwanted.txt"))
    }

    @Test func `what an author wants to be reached, and is not, is an error`() throws {
        let text = """
            {"version": 1, "name": "isolated", "network": {"profile": "docker-nat"},
             "segments": [{"name": "lan", "subnet": "192.168.100.0/24"}],
             "hosts": [
              {"name": "A", "links": [{"segment": "lan"}], "subnet": "172.17.1.0/24",
               "containers": [{"name": "A1"}, {"name": "A2"}]},
              {"name": "B", "links": [{"segment": "lan"}], "subnet": "172.17.2.0/24", "containers": [{"name": "B1"}]}],
             "expect": [{"from": "A*", "to": "B1", "reach": true}]}
            """
        let check = ReachabilityCheck(try load(SourceText(name: "isolated.json", text: text)))
        #expect(check.hasErrors)
        expectGolden(check.findings.map(\.text).joined(), golden.appending(path: "unreachable.txt"))
    }
}
