import Compiler
import Netlink
import NetworkState
import TestSupport
import Testing

@testable import NetnsHarness

/// What goes between hosts, seen on a host's own link to the underlay: what the topology declares, and nothing else.
@Suite(.namespaces)
struct UnderlayTests {
    @Test(arguments: TopologyFile.connecting)
    func `every topology's packets cross the underlay as declared, and in no other way`(_ file: TopologyFile) throws {
        try TestLab.with(file) { lab in
            for (from, to) in Crossing.samplePairs(of: lab.topology) {
                try expectDeclaredWay(Crossing(lab, from: from, to: to))
            }
        }
    }

    @Test func `behind Docker's NAT the underlay sees the host's address, and no tunnel`() throws {
        try TestLab.with(TopologyFile("docker-nat")) { lab in
            let host = lab.topology.hosts[0]
            let (own, server) = (
                try #require(host.uplinks[0].addresses.first?.address),
                try #require(lab.nodes.first { $0.name == "web" }?.addresses.first)
            )
            var capture = try PacketSocket.open(on: host.uplinks[0].name.text, in: try lab.directory.open(host.name))
            try lab.expectAnswers(
                to: ProbeProtocol.allCases.map { Probe(from: "A1", to: "web", address: server, protocol: $0) })
            var packets: [Packet] = []
            // As many as there must be at the least: what is missing fails the test by time.
            while Set(packets.compactMap(\.transport.kind)).count < 3,
                let captured = try capture.receive(until: .now + .seconds(5))
            {
                guard let frame = Frame(decoding: captured.bytes)?.encapsulation() else { continue }
                #expect(frame.layers.isEmpty)
                if let packet = frame.packet, packet.destination == server { packets.append(packet) }
            }
            #expect(Set(packets.compactMap(\.transport.kind)) == ["icmp", "tcp", "udp"])
            #expect(Set(packets.map(\.source)) == [own])
        }
    }

    @Test(arguments: TopologyFile.runnableHere.filter { $0.name.hasSuffix("cross-subnet") })
    func `every topology that limits its tunnel works without the limit, but not without the tunnel`(
        _ file: TopologyFile
    ) throws {
        let text = try file.text
        let always = text.replacing("\"crossSubnet\"", with: "\"always\"")
        try TestLab.with(SourceText(name: "always.json", text: always)) { lab in
            let report = try TopologyTest(lab).run()
            #expect(report.failed == 0, "\(report.text())")
            #expect(report.passed > 0)
        }
        let none = text.replacing(#/"encapsulation": \{[^}]*\}/#, with: "\"encapsulation\": \"none\"")
        #expect(throws: InvalidTopology.self) { try load(SourceText(name: "none.json", text: none)) }
    }

    private func expectDeclaredWay(_ crossing: Crossing) throws {
        var capture = try crossing.capture()
        try crossing.lab.expectAnswers(to: crossing.probes)
        let seen = try crossing.framesUpToPing(&capture)
        #expect(crossing.strangers(among: seen) == [], "\(crossing)")
        for (source, destination) in crossing.directions {
            let crossed = seen.filter { $0.packet?.source == source && $0.packet?.destination == destination }
            let kinds = Set(crossed.compactMap { $0.packet?.transport.kind })
            #expect(kinds == ["icmp", "tcp", "udp"], "\(crossing): \(source) to \(destination)")
        }
        // And the same filter finds one that is out of place.
        let stranger = try crossing.injectStranger()
        let after = try crossing.framesUpToPing(&capture)
        #expect(crossing.strangers(among: after).map(\.tunnels) == [[stranger]], "\(crossing)")
    }
}

extension TopologyFile {
    /// Those whose containers reach each other across hosts.
    static let connecting = runnableHere.filter { file in
        guard let source = try? file.source, let topology = try? load(source) else {
            return true
        }
        return topology.model.encapsulation != .isolated
    }
}

extension Packet.Transport {
    fileprivate var kind: String? {
        switch self {
        case .icmp: "icmp"
        case .tcp: "tcp"
        case .udp: "udp"
        case .other: nil
        }
    }
}
