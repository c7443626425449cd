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
        let (classes, all) = (ReachabilityCheck(topology), ReachabilityCheck(topology, byClasses: false))
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
        let (classes, all) = (ReachabilityCheck(topology, state), ReachabilityCheck(topology, state, byClasses: false))
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
        let (classes, all) = (ReachabilityCheck(topology, state), ReachabilityCheck(topology, state, byClasses: false))
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
}
