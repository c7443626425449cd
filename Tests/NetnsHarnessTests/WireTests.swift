import Applier
import Compiler
import Dispatch
import Netlink
import NetworkState
import Synchronization
import TestSupport
import Testing

@testable import NetnsHarness

/// Wires that are set down and impaired, and labs that know it.
@Suite(.namespaces)
struct WireTests {
    private let eth0 = LinkName(known: "eth0")

    private func wire(_ lab: Lab, _ node: String, _ link: String) throws -> Wire {
        try #require(lab.topology.wire(at: node, LinkName(known: link)))
    }

    private func end(_ lab: Lab, _ node: String, _ link: String) throws -> WireEnd {
        try #require(try wire(lab, node, link).ends.first { $0.node == node })
    }

    private func isUp(_ end: WireEnd, in lab: Lab) throws -> Bool {
        try lab.run(in: end.node, "ip", "-br", "link", "show", "dev", end.link.text, "up").output != ""
    }

    @Test func `a wire has two ends, and is found by either`() throws {
        let topology = try load(TopologyFile("calico-two-hosts").source)
        let uplink = try #require(topology.wire(at: "A", eth0))
        #expect(uplink.ends.map(\.description) == ["A:eth0", "lan:A.eth0"])
        #expect(topology.wire(at: "lan", LinkName(known: "A.eth0")) == uplink)
        #expect(topology.wire(at: "A1", eth0)?.ends.map(\.description) == ["A1:eth0", "A:veth1"])
        #expect(topology.wire(at: "A1", LinkName(known: "eth1")) == nil)
    }

    @Test(arguments: [("A", "eth0"), ("lan", "A.eth0"), ("A", "veth1"), ("A1", "eth0")])
    func `a link that is set down stays so whatever is applied, and comes back with all that went with it`(
        _ node: String, _ link: String
    ) throws {
        try TestLab.with(TopologyFile("calico-dual-stack")) { lab in
            let end = try end(lab, node, link)
            let before = try LabDump(lab).text
            try lab.setDown(end)
            #expect(try !isUp(end, in: lab))
            var drift = Drift(lab)
            try lab.apply()
            #expect(try !isUp(end, in: lab))
            #expect(try drift.culprits(on: "A").map(\.text) == [])
            #expect(try drift.culpritsOfUnderlay().map(\.text) == [])
            try lab.setUp(end)
            #expect(try isUp(end, in: lab))
            try expectSame(LabDump(lab).text, before)
            try lab.expectProven()
        }
    }

    @Test(.needs(.tbf), .needs(.randomDrop))
    func `a wire loses what it is told to, each way, and no more once it is cleared`() throws {
        try TestLab.with(TopologyFile("calico-two-hosts")) { lab in
            let wire = try wire(lab, "A", "eth0")
            // Once the nodes know each other: a question of ARP's that is lost is asked again only after a second.
            let tallies = try lab.tallies(between: ["A1", "B1"], for: .seconds(1)) {
                try lab.impair(wire, Impairment(loss: 0.3))
                try lab.apply()
            }
            // A question and its answer have to come through: half of them do.
            for tally in tallies { #expect((0.3...0.65).contains(Double(tally.lost) / Double(tally.sent)), "\(tally)") }
            try expectNoLoss(in: lab, between: ["A1", "A2"])
            try lab.clearImpairment(of: wire)
            // A question of ARP's that was lost before may still wait for its turn.
            try expectNoLoss(in: lab, between: ["A1", "B1"])
        }
    }

    /// Sooner or later: a processor's queue for packets (`netdev_max_backlog`) is that of all namespaces, those of other tests too.
    private func expectNoLoss(in lab: Lab, between nodes: [String]) throws {
        #expect(try eventually { try lab.tallies(between: nodes, during: {}).allSatisfy { $0.lost == 0 } })
    }

    @Test(.needs(.tbf)) func `a wire carries no more than its rate`() throws {
        try TestLab.with(TopologyFile("calico-two-hosts")) { lab in
            try lab.impair(wire(lab, "B1", "eth0"), Impairment(rate: 100_000))
            for tally in try lab.tallies(between: ["A1", "B1"], for: .seconds(1), during: {}) {
                #expect(tally.lost > tally.sent / 4, "\(tally)")
            }
        }
    }

    @Test func `who leaves and comes back has links that are up`() throws {
        try TestLab.with(TopologyFile("calico-two-hosts")) { lab in
            let end = try end(lab, "B", "eth0")
            try lab.setDown(end)
            try lab.without(hosts: ["B"]).apply()
            try lab.apply()
            #expect(try isUp(end, in: lab))
            try lab.expectProven()
        }
    }

    /// A run that knows of a link's state but not of the wish for it, or the other way round, would undo what is being done.
    @Test func `a run beside one that sets a link down or up meddles with it neither time`() throws {
        try TestLab.with(TopologyFile("calico-two-hosts")) { lab in
            let end = try end(lab, "A", "veth1")
            let isOver = Mutex(false)
            let setting = Mutex<Result<Void, any Error>>(.success(()))
            let meddling = Mutex<Result<[String], any Error>>(.success([]))
            DispatchQueue.concurrentPerform(iterations: 2) { side in
                if side == 0 {
                    let outcome = Result { try setDownAndUp(end, in: lab) }
                    setting.withLock { $0 = outcome }
                    isOver.withLock { $0 = true }
                } else {
                    let outcome = Result { try changes(of: end, in: lab) { isOver.withLock { $0 } } }
                    meddling.withLock { $0 = outcome }
                }
            }
            try setting.withLock { try $0.get() }
            #expect(try meddling.withLock { try $0.get() } == [])
            try lab.apply()
            try lab.expectProven()
        }
    }

    private func setDownAndUp(_ end: WireEnd, in lab: Lab) throws {
        for _ in 0..<100 {
            try lab.setDown(end)
            // Whoever keeps the host brings back what went with the link.
            try lab.setUp(end, keptByAgents: ["A"])
        }
    }

    /// Of all runs until it `isOver`, each of which has something else to do.
    private func changes(of end: WireEnd, in lab: Lab, until isOver: () -> Bool) throws -> [String] {
        var changes: [String] = []
        while !isOver() {
            _ = try lab.run(in: "A", "ip", "route", "delete", "172.17.8.3")
            var host = lab.managedHost("A", lockTimeout: .seconds(10))
            let made = try host.converge(to: CompiledHost(lab.topology, host: 0, source: lab.source))
            changes += made.changes.filter { $0.identity == .link(end.link) }.map { "\($0)" }
        }
        return changes
    }
}
