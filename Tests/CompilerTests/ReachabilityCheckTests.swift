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
        #expect(ReachabilityCheck(topology).findings == [])
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
        #expect(classes.findings == all.findings)
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
        #expect(classes.findings == all.findings)
    }

    @Test func `what each sabotage comes to is told by its cause, with one pair and their count`() throws {
        let texts = try Sabotage.kinds.map { sabotage in
            let source = try TopologyFile(sabotage.topology).source
            let topology = try load(source)
            var state = topology.plannedNamespaces
            state.carryOut(try #require(sabotage.change(of: state)))
            let findings = ReachabilityCheck(topology, state).diagnostics(in: topology)
            return "# \(sabotage)\n" + findings.rendered(in: source, colour: false)
        }
        expectGolden(texts.joined(separator: "\n"), golden.appending(path: "sabotages.txt"))
    }

    /// Answers come to A by another link than its questions leave by.
    private static let detour = """
        {"version": 1, "name": "detour",
         "network": {"profile": "calico", "pools": ["172.17.0.0/16"], "egress": "masquerade"},
         "segments": [{"name": "lan", "subnet": "192.168.100.0/24"}, {"name": "back", "subnet": "192.168.101.0/24"},
                      {"name": "outside", "subnet": "203.0.113.0/24"}],
         "routers": [
          {"name": "R1", "links": [{"segment": "lan", "address": "192.168.100.1"},
                                   {"segment": "outside", "address": "203.0.113.1"}]},
          {"name": "R2", "links": [{"segment": "back", "address": "192.168.101.1"},
                                   {"segment": "outside", "address": "203.0.113.2"}],
           "routes": [{"to": "192.168.100.0/24", "via": "192.168.101.100"}]}],
         "servers": [{"name": "web", "links": [{"segment": "outside", "address": "203.0.113.80"}],
                      "routes": [{"to": "192.168.100.0/24", "via": "203.0.113.2"}]}],
         "hosts": [
          {"name": "A", "containers": [{"name": "A1"}],
           "links": [{"segment": "lan", "address": "192.168.100.100"}, {"segment": "back", "address": "192.168.101.100"}],
           "routes": [{"to": "0.0.0.0/0", "via": "192.168.100.1"}]}]}
        """

    @Test(arguments: ["0", "1", "2"])
    func `a way back that is another is a warning, and an error where a strict filter drops it`(_ filter: String) throws
    {
        let source = SourceText(name: "detour.json", text: Self.detour)
        let topology = try load(source)
        var state = topology.plannedNamespaces
        state["A"]?.sysctls.insert(Sysctl("net/ipv4/conf/eth1/rp_filter", filter))
        let check = ReachabilityCheck(topology, state)
        let text = check.diagnostics(in: topology).rendered(in: source, colour: false)
        #expect(check.hasErrors == (filter == "1"))
        #expect(check.findings.map(\.code) == [filter == "1" ? .unreachable : .asymmetricPath], "\(text)")
        if filter == "1" {
            #expect(text.contains("filtered on A: rp_filter: the way back to 203.0.113.80 is dev eth0"), "\(text)")
            #expect(text.contains("set rp_filter to 2 on A"))
        } else {
            #expect(text.contains("note: it goes by A1 A R1 web, and back by web R2 A A1"))
        }
    }
}
