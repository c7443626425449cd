import Compiler
import Foundation
import NetworkState
import TestSupport
import Testing

@testable import NetnsHarness

/// Rules of which routing table is asked (`ip rule`), predicted from what is observed, against a real kernel.
@Suite(.namespaces)
struct RoutingRulesWireTests {
    @Test(arguments: Set(RoutingRules.kinds.map(\.topology)).sorted())
    func `rules have the consequences that are predicted`(_ name: String) throws {
        guard TopologyFile.runnableHere.contains(where: { $0.name == name }) else { return }
        try TestLab.with(TopologyFile(name), mayPin: false) { lab in
            var traffic = try PredictedTraffic(lab, lab.topology.trafficQuestions)
            for rules in RoutingRules.kinds where rules.topology == name {
                try lab.script(in: rules.node, rules.script)
                try traffic.forgetNeighbours()
                let network = lab.topology.network(of: try lab.observedNamespaces())
                try traffic.expectAsPredicted(by: network, rules.description)
                let question = try #require(traffic.questions.first { $0.from == "A1" && $0.to == "B1" })
                let ending = network.predict(question).ending
                #expect(ending.disposition == rules.disposition, "\(rules): \(ending)")
                try lab.script(in: rules.node, RoutingRules.undoing)
            }
            print("\(name): \(traffic.compared) pairs compared under rules of routing")
        }
    }

    @Test func `rules are observed as ip lists them`() throws {
        try TestLab.with(TopologyFile("calico-two-hosts")) { lab in
            let observed = try #require(try lab.observedNamespaces()["A"])
            #expect(!observed.hasPolicyOfItsOwn)
            try lab.script(
                in: "A",
                """
                ip rule add pref 100 from 172.17.8.0/24 iif veth1 lookup 100
                ip rule add pref 101 not to 172.17.9.2 oif eth0 prohibit
                ip rule add pref 102 lookup main suppress_prefixlength 0
                ip rule add pref 103 goto 32766
                ip rule add pref 104 blackhole
                ip rule add pref 105 unreachable
                ip -6 rule add pref 100 from fd00::/16 lookup 100
                """)
            let rules = try #require(try lab.observedNamespaces()["A"]).policy
            let listed = try ["-4", "-6"].flatMap { try lab.run(in: "A", "ip", $0, "rule").lines }
            #expect(
                rules.map(\.description)
                    == listed.map { $0.replacing(/\s+/, with: " ").trimmingCharacters(in: .whitespaces) })
        }
    }
}
