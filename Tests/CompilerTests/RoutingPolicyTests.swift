import Compiler
import NetworkState
import TestSupport
import Testing

/// Rules of which routing table is asked, on host A of calico's two, and what becomes of packets from A1 to B1 then.
struct RoutingPolicyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let rule: PolicyRule
        let disposition: Disposition
        var testDescription: String { "\(rule)" }

        init(_ action: PolicyRule.Action, _ disposition: Disposition, _ change: (inout PolicyRule) -> Void = { _ in }) {
            var rule = PolicyRule(.v4, priority: 100, action)
            change(&rule)
            self.rule = rule
            self.disposition = disposition
        }
    }

    private static let peer = IPPrefix(parsing: "172.17.9.0/24")
    private static let own = IPPrefix(parsing: "172.17.8.0/24")

    private static let cases = [
        Case(.prohibit, .noRoute) { $0.destination = peer },
        Case(.blackhole, .blackholed) { ($0.source, $0.destination) = (own, peer) },
        Case(.blackhole, .delivered) { ($0.source, $0.destination) = (peer, peer) },
        Case(.unreachable, .noRoute) { ($0.incoming, $0.destination) = (LinkName("veth1"), peer) },
        Case(.unreachable, .delivered) { ($0.incoming, $0.destination) = (LinkName.loopback, peer) },
        Case(.unreachable, .delivered) { $0.outgoing = LinkName("eth0") },
        Case(.lookup(table: 7), .blackholed) { $0.destination = peer },
        Case(.lookup(table: 7), .delivered) { ($0.destination, $0.suppressedLength) = (peer, 0) },
        Case(.lookup(table: 8), .delivered),
        Case(.nop, .delivered),
        Case(.goto(32_766), .delivered),
        Case(.goto(32_767), .noRoute) { $0.destination = peer },
        Case(.prohibit, .delivered) { $0.isToldInPart = true },
        Case(.prohibit, .delivered) { ($0.destination, $0.isInverted) = (IPPrefix.everything(.v4), true) },
    ]

    @Test(arguments: cases)
    func `rules decide in their order which table is asked`(_ example: Case) throws {
        let topology = try load(TopologyFile("calico-two-hosts").source)
        var state = topology.plannedNamespaces
        let standard = PolicyRule.standard(.v4)
        state["A"]?.policy = [standard[0], example.rule] + standard[1...] + PolicyRule.standard(.v6)
        state["A"]?.routes.insert(Route(.everything(.v4), kind: .blackhole, table: 7))
        let question = PacketStory.Question(
            from: "A1", to: "B1", source: try #require(IPAddress(parsing: "172.17.8.2")),
            destination: try #require(IPAddress(parsing: "172.17.9.2")), protocol: .icmp)
        let prediction = topology.network(of: state).predict(question)
        #expect(prediction.there.disposition == example.disposition, "\(prediction.there.ending)")
        if case .prohibit = example.rule.action, example.disposition == .noRoute {
            #expect(prediction.ending.reason.contains("\(example.rule)"))
        }
    }
}
