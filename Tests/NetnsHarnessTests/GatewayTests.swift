import Applier
import Compiler
import Netlink
import NetworkState
import TestSupport
import Testing

@testable import NetnsHarness

/// Who answers for a container's gateway, asked on the wire.
@Suite(.namespaces)
struct GatewayTests {
    private func ask(_ lab: Lab, _ name: String) throws -> [GatewayAsker.Answer] {
        let index = try #require(lab.topology.hosts.firstIndex { $0.containers.contains { $0.name == name } })
        let inquiries = lab.topology.gateways(ofHost: index, source: lab.source).map(\.inquiry)
            .filter { $0.node == name }
        return try GatewayAsker.ask(inquiries, Tap(on: [name], in: lab.directory))
    }

    @Test(arguments: ["calico-dual-stack", "calico-ipv6", "calico-two-hosts", "calico-vxlan"])
    func `a routed container's gateway is answered for with ee ee ee ee ee ee`(_ topology: String) throws {
        try TestLab.with(TopologyFile(topology)) { lab in
            let answers = try ask(lab, "A1")
            #expect(!answers.isEmpty)
            for answer in answers {
                #expect(answer.answerers.map(\.description) == ["ee:ee:ee:ee:ee:ee"], "\(answer)")
            }
        }
    }

    @Test func `nobody answers without proxy ARP, and everyone who answers is told`() throws {
        try TestLab.with(TopologyFile("calico-two-hosts")) { lab in
            try lab.script(in: "A", "echo 0 > /proc/sys/net/ipv4/conf/veth1/proxy_arp")
            let silent = try #require(try ask(lab, "A1").first)
            #expect(silent.answerers.isEmpty)
            #expect(silent.attempts == 4)
        }
    }

    @Test(arguments: ["flannel-vxlan", "flannel-vxlan-dual-stack"])
    func `a bridged container's gateway is the bridge, and another who claims to be is told`(_ topology: String) throws
    {
        try TestLab.with(TopologyFile(topology)) { lab in
            let before = try ask(lab, "A1")
            #expect(before.allSatisfy { $0.answerers.count == 1 }, "\(before)")
            let gateway = try #require(before.first).inquiry.gateway
            try lab.script(in: "A2", "ip address add \(gateway)/32 dev eth0")
            let after = try #require(try ask(lab, "A1").first)
            #expect(after.answerers.count == 2, "\(after)")
        }
    }
}
