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
        guard let text = try? file.text, let topology = try? load(SourceText(name: file.name, text: text)) else {
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
