import Compiler
import NetworkState
import TestSupport
import Testing

/// What reaches containers by their hosts' ports, against what follows from the topology.
struct PublishedPortPredictionTests {
    @Test(arguments: Fixture.valid)
    func `published ports lead where the topology says, and answers come back from them`(_ fixture: Fixture) throws {
        let topology = try load(fixture.source)
        let (network, outlook) = (topology.plannedNetwork, Outlook(topology))
        for (target, host) in topology.hosts.enumerated().prefix(4) {
            for (container, port) in host.containers.flatMap({ one in one.published.map { (one, $0) } }) {
                for (sender, name) in topology.senders where name != container.name {
                    for address in host.uplinks.compactMap({ $0.address(container.addresses[0].family) }) {
                        guard let source = network.node(name).flatMap({ network.nodes[$0].source(to: address) })
                        else { continue }
                        let own = sender(source)
                        let question = PacketStory.Question(
                            from: name, to: container.name, source: source, destination: address,
                            protocol: port.transport == .tcp ? .tcp : .udp)
                        let prediction = network.predict(question, port: port.hostPort)
                        let prospect = outlook.prospect(from: own, toPortOf: target, at: address)
                        let words = "\(name) to \(host.name):\(port): \(prediction.ending)"
                        #expect(prediction.isAnswered == prospect.isReachable, "\(words)")
                        if case .masqueraded(let addresses) = prospect {
                            #expect(prediction.observedSource.map(addresses.contains) == true, "\(words)")
                        }
                    }
                }
            }
        }
    }
}

extension ValidTopology {
    /// A container and the host itself of each of the first hosts, and every server.
    fileprivate var senders: [((IPAddress) -> Outlook.Sender, String)] {
        var senders: [((IPAddress) -> Outlook.Sender, String)] = []
        for (index, host) in hosts.enumerated().prefix(4) {
            senders.append(({ _ in .host(index) }, host.name))
            for container in host.containers.prefix(2) {
                senders.append(({ .container($0, host: index) }, container.name))
            }
        }
        for (index, server) in servers.enumerated() { senders.append(({ _ in .server(index) }, server.name)) }
        return senders
    }
}
