import Applier
import Compiler
import Netlink
import NetworkState
import Synchronization
import TestSupport
import Testing

@testable import NetnsHarness

/// The forwarding model against a real kernel: each ordered pair's outcome, hops and envelopes.
@Suite(.namespaces)
struct PredictionWireTests {
    private static let total = Mutex(0)

    /// The last line tells of all.
    private static func tell(_ what: String, _ traffic: PredictedTraffic) {
        total.withLock { total in
            total += traffic.compared
            print("\(what): \(traffic.compared) pairs compared, \(total) so far")
        }
    }

    @Test(arguments: TopologyFile.runnableHere)
    func `every topology's packets go as predicted, from its plan and from its kernels' state`(
        _ file: TopologyFile
    ) throws {
        try TestLab.with(file) { lab in
            var traffic = try PredictedTraffic(lab, lab.topology.trafficQuestions)
            try traffic.expectAsPredicted(by: lab.topology.plannedNetwork, "planned")
            try traffic.expectAsPredicted(by: lab.topology.network(of: lab.observedNamespaces()), "observed")
            Self.tell(file.name, traffic)
            #expect(traffic.compared > 0)
        }
    }

    /// All but those with a bad wire: what it loses is decided between the nodes, and no node's state tells of it.
    private static let predictable = TopologyFile.sabotaged.filter { (try? $0.text.contains(#""impair""#)) == false }

    @Test(arguments: predictable)
    func `every sabotaged topology's packets go as predicted from its kernels' state`(_ file: TopologyFile) throws {
        try TestLab.with(file) { lab in
            var run = EventRun(lab)
            for event in lab.topology.events { _ = try run.perform(event.action) }
            try run.end()
            var traffic = try PredictedTraffic(lab, lab.topology.trafficQuestions)
            try traffic.forgetNeighbours()
            try traffic.expectAsPredicted(by: lab.topology.network(of: lab.observedNamespaces()), "observed")
            Self.tell("sabotaged/\(file.name)", traffic)
        }
    }

    /// So many in one lab, one after the other.
    struct Batch: Sendable, CustomTestStringConvertible {
        let topology: String
        let sabotages: [Sabotage]

        var testDescription: String { "\(sabotages.count) of \(topology), from \(sabotages[0])" }

        static let all = Dictionary(grouping: Sabotage.kinds, by: \.topology).sorted { $0.key < $1.key }.flatMap {
            topology, sabotages in
            stride(from: 0, to: sabotages.count, by: 6).map {
                Batch(topology: topology, sabotages: Array(sabotages[$0..<min($0 + 6, sabotages.count)]))
            }
        }
    }

    @Test(arguments: Batch.all)
    func `every kind of sabotage has the consequences that are predicted`(_ batch: Batch) throws {
        guard TopologyFile.runnableHere.contains(where: { $0.name == batch.topology }) else { return }
        try TestLab.with(TopologyFile(batch.topology), mayPin: false) { lab in
            var traffic = try PredictedTraffic(lab, lab.topology.trafficQuestions)
            for sabotage in batch.sabotages {
                let change = try #require(sabotage.change(of: lab.observedNamespaces()))
                var applier = Applier(HostNamespaces(directory: lab.directory.path))
                try applier.makeUnchecked([change])
                try traffic.forgetNeighbours()
                let network = lab.topology.network(of: try lab.observedNamespaces())
                try traffic.expectAsPredicted(by: network, sabotage.description)
                expectConsequence(of: sabotage, in: network, traffic)
                try applier.makeUnchecked([change.inverse])
                try lab.restore()
            }
            Self.tell("\(batch.topology), under sabotage", traffic)
        }
    }

    private func expectConsequence(
        of sabotage: Sabotage, in network: Compiler.ForwardingNetwork, _ traffic: PredictedTraffic
    ) {
        guard let question = traffic.questions.first(where: { $0.from == sabotage.from && $0.to == sabotage.to })
        else { return #expect(Bool(false), "\(sabotage): nobody asks") }
        let ending = network.predict(question).ending
        #expect(ending.disposition == sabotage.disposition, "\(sabotage): \(ending)")
    }

    /// What explains and what traces tell one story, save for neighbours that the kernel knew already.
    @Test(arguments: [
        "calico-two-hosts", "calico-vxlan", "calico-ipv6", "flannel-vxlan", "flannel-host-gw", "docker-nat",
    ])
    func `what is explained is what is traced, step by step`(_ name: String) throws {
        try TestLab.with(TopologyFile(name), mayPin: false) { lab in
            let network = lab.topology.network(of: try lab.observedNamespaces())
            for question in lab.topology.trafficQuestions {
                let story = network.predict(question).story(in: lab.topology)
                let trace = try PacketTrace.run(question, in: lab, forgettingNeighbours: false).story
                guard trace.isAnswered else {
                    #expect(!story.isAnswered, "\(story.text)")
                    continue
                }
                #expect(story.stepsOnWires == trace.stepsOnWires, "\(story.text)\n\(trace.text)")
            }
        }
    }
}

extension PacketStory {
    /// Without the neighbours and their tables, which a trace tells of only where they are asked for.
    fileprivate var stepsOnWires: [Step] {
        steps.compactMap { step in
            switch step.event {
            case .resolves, .finds: nil
            default: Step(step.leg, at: step.node, step.event)
            }
        }
    }
}

extension Lab {
    /// Has all of it as it was, without neighbours that are filled in.
    fileprivate func restore() throws {
        try wire(besides: ledgers()) { _ in }
        for (index, host) in topology.hosts.enumerated() {
            var managed = managedHost(host.name)
            try managed.converge(to: CompiledHost(topology, host: index, source: source))
        }
        try settle(holder: nil)
    }
}
