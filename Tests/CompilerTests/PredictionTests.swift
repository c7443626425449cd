import Compiler
import NetworkState
import TestSupport
import Testing

/// The forwarding model against what follows from the topology by other reasoning.
struct PredictionTests {
    @Test(arguments: Fixture.valid)
    func `each pair goes the way that follows from the topology, there and back`(_ fixture: Fixture) throws {
        let topology = try load(fixture.source)
        let network = topology.plannedNetwork
        let ways = ExpectedWays(topology)
        for question in topology.sampledQuestions {
            let way = ways.passage(
                from: question.from, at: question.source, to: question.to, at: question.destination)
            let prediction = network.predict(question)
            let words = "\(question.from) to \(question.to) at \(question.destination)"
            guard let way else {
                #expect(!prediction.isAnswered, "\(words): \(prediction.there.nodes)")
                continue
            }
            let reason = "\(words): \(prediction.ending)"
            #expect(prediction.isAnswered, "\(reason)")
            #expect(prediction.there.nodes == way.there, "\(reason)")
            #expect(prediction.back?.nodes == way.back, "\(reason)")
            #expect(prediction.there.tunnels.map(\.encapsulation) == [way.encapsulation].tunnels, "\(words)")
            #expect(prediction.back?.tunnels.map(\.encapsulation) == [way.returnEncapsulation].tunnels, "\(words)")
        }
    }

    @Test(arguments: Fixture.valid)
    func `a container's packets fit whole, up to the topology's MTU`(_ fixture: Fixture) throws {
        let topology = try load(fixture.source)
        let network = topology.plannedNetwork
        let servers = Set(topology.servers.map(\.name))
        for question in topology.sampledQuestions where !servers.contains(question.from) {
            guard !servers.contains(question.to), network.predict(question).isAnswered else { continue }
            #expect(
                network.pathMTU(question) == Int(topology.mtu), "\(question.from) to \(question.to)")
        }
    }
}

extension [NetworkModel.Encapsulation] {
    /// Plain packets are in nothing.
    fileprivate var tunnels: Self { filter { $0 != .none && $0 != .isolated } }
}

extension ValidTopology {
    /// Between all containers and servers, or where there are many, two of each of the first and last hosts'.
    var sampledQuestions: [PacketStory.Question] {
        let some = hosts.count > 6 ? Array(hosts.prefix(3)) + hosts.suffix(2) : hosts
        let containers = some.flatMap { host in host.containers.prefix(3).map { ($0.name, $0.addresses) } }
        let ends = containers + servers.map { ($0.name, $0.uplinks.flatMap(\.addresses).map(\.address)) }
        return ends.flatMap { from in ends.map { (from, $0) } }.filter { $0.0 != $1.0 }.flatMap { from, to in
            to.1.compactMap { address in
                from.1.first { $0.family == address.family }.map { own in
                    PacketStory.Question(
                        from: from.0, to: to.0, source: own, destination: address, protocol: .icmp)
                }
            }
        }
    }
}
