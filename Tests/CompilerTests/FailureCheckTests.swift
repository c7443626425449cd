import NetworkState
import TestSupport
import Testing

@testable import Compiler

/// What single failures take with them, against predicting every pair under each.
struct FailureCheckTests {
    private static let names = [
        "calico-two-hosts", "calico-three-hosts", "calico-vxlan-cross-subnet", "expectations", "docker-nat",
        "flannel-udp", "calico-dual-stack", "calico-egress",
    ]

    @Test(arguments: names)
    func `a failure loses what all pairs without it would lose, besides its own`(_ name: String) throws {
        try expectTruth(of: try load(TopologyFile(name).source))
    }

    @Test(arguments: 0..<20)
    func `so it does in random networks`(_ seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        try expectTruth(of: ValidTopology.random(using: &generator))
    }

    private func expectTruth(of topology: ValidTopology) throws {
        let found = FailureCheck(topology).findings
        let planned = topology.plannedNamespaces
        let before = topology.answered(in: planned)
        var counts: [String: Int] = [:]
        for failure in topology.failures {
            let after = topology.answered(in: failure.carriedOut(in: planned))
            let lost = before.subtracting(after).filter {
                !failure.own.contains($0.from) && !failure.own.contains($0.to)
            }
            counts[failure.name] = lost.count
            let finding = found.first { $0.message.hasPrefix("should \(failure.name) fail,") }
            // Of a wire that its end's failure is told of already.
            if failure.link != nil, finding == nil, lost.count == counts[failure.node] { continue }
            #expect(finding?.pairs ?? 0 == lost.count, "\(failure.name)")
        }
        #expect(found.allSatisfy { $0.severity == .warning })
    }

    @Test func `what nothing but a failure's own relies on is not predicted anew`() throws {
        let check = FailureCheck(try load(TopologyFile("calico-two-hosts").source))
        // The network that both hosts are on, and from each host to the other.
        #expect(check.predictions == 2)
        #expect(check.failures == 5)
    }
}

extension ValidTopology {
    fileprivate func answered(in namespaces: [String: NamespaceState]) -> Set<PacketStory.Question> {
        let network = network(of: namespaces)
        let ends = ends
        var answered: Set<PacketStory.Question> = []
        for from in ends {
            for to in ends where from.name != to.name {
                for question in from.questions(to: to)
                where network.predict(question, isRecorded: false).isAnswered { answered.insert(question) }
            }
        }
        return answered
    }
}
