import Compiler
import Netlink
import NetworkState
import TestSupport
import Testing

@testable import NetnsHarness

/// The ways of packets as they are seen on the wire, held against those that follow from the topology.
@Suite(.namespaces)
struct TapTests {
    private func trace(_ lab: Lab, _ probes: [Probe]) throws -> [Int: Journey] {
        let nodes = lab.topology.probeNodes
        let tap = try Tap(on: lab.nodes.filter { $0.kind != .segment }.map(\.name), in: lab.directory)
        let namespaces = try lab.directory.hold(nodes.map(\.name))
        let nonce = UInt64.random(in: 0 ... .max)
        let (outcomes, recording) = try withExtendedLifetime(namespaces) {
            let prober = try Prober(nodes: nodes, namespaces: namespaces.descriptors)
            return try tap.record { () throws(SystemError) in
                try prober.follow(probes, patience: .standard, nonce: nonce)
            }
        }
        #expect(outcomes.outcomes.filter { !$0.isAsExpected } == [])
        #expect(recording.losses == 0)
        return recording.journeys(ofRun: nonce, outcomes.flows)
    }

    @Test(arguments: ["calico-two-hosts", "calico-vxlan", "docker-nat"])
    func `a connection is followed from its first packet on, through whatever it is put into or translated by`(
        _ name: String
    ) throws {
        try TestLab.with(TopologyFile(name)) { lab in
            let ways = ExpectedWays(lab.topology)
            let ends = lab.topology.probeNodes.filter { $0.host != nil || $0.isServer }
            let pairs = ends.flatMap { from in ends.map { (from, $0) } }.compactMap { from, to -> Passage? in
                guard from != to, let own = from.addresses.first, let address = to.addresses.first else { return nil }
                return ways.passage(from: from.name, at: own, to: to.name, at: address).map {
                    Passage(probe: Probe(from: from.name, to: to.name, address: address, protocol: .tcp), way: $0)
                }
            }
            try #require(!pairs.isEmpty)
            let journeys = try trace(lab, pairs.map(\.probe))
            for (index, pair) in pairs.enumerated() {
                let journey = try #require(journeys[index])
                let opening = journey.sightings.filter { $0.packet.transport.word == "tcp SYN" }
                #expect(Set(opening.map(\.node)) == Set(pair.way.there), "\(pair.probe)")
                let answer = journey.sightings.filter { $0.packet.transport.word == "tcp SYN ACK" }
                #expect(Set(answer.map(\.node)) == Set(pair.way.back), "\(pair.probe)")
                #expect(journey.nodes(.there) == pair.way.there)
                #expect(journey.nodes(.back) == pair.way.back)
            }
        }
    }

    private struct Passage {
        let probe: Probe
        let way: ExpectedWays.Passage
    }

    @Test(arguments: TopologyFile.runnableHere.filter { $0.name != "calico-hundred-hosts" })
    func `every packet goes the way that follows from the topology, and its answer comes back so`(
        _ file: TopologyFile
    ) throws {
        try TestLab.with(file) { lab in
            let nodes = lab.topology.probeNodes.filter { $0.host != nil || $0.isServer }
            let ways = ExpectedWays(lab.topology)
            var (probes, passages) = ([Probe](), [ExpectedWays.Passage]())
            for from in nodes {
                for to in nodes where to != from {
                    for address in to.addresses {
                        guard let own = from.addresses.first(where: { $0.family == address.family }),
                            let way = ways.passage(from: from.name, at: own, to: to.name, at: address)
                        else { continue }
                        probes.append(Probe(from: from.name, to: to.name, address: address, protocol: .icmp))
                        passages.append(way)
                    }
                }
            }
            let journeys = try trace(lab, probes)
            for (index, passage) in passages.enumerated() {
                let journey = try #require(journeys[index], "\(probes[index])")
                #expect(journey.nodes(.there) == passage.there, "\(probes[index])")
                #expect(journey.nodes(.back) == passage.back, "\(probes[index])")
                #expect(
                    journey.tunnels(.there).isEmpty
                        == (passage.encapsulation == .none || passage.encapsulation == .isolated))
            }
        }
    }
}
