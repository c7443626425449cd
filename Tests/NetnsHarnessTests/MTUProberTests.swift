import Compiler
import Netlink
import NetworkState
import TestSupport
import Testing

@testable import NetnsHarness

/// What weft itself finds out about how large packets may be; ``PathMTUTests`` has the same from other programs.
@Suite(.namespaces)
struct MTUProberTests {
    private func ask(
        _ lab: Lab, from source: String, to target: String, _ expected: UInt32
    ) throws -> [MTUAnswer] {
        let addresses = try #require(lab.nodes.first { $0.name == target }).addresses
        let namespaces = try lab.directory.hold([source])
        return try withExtendedLifetime(namespaces) {
            try MTUProber.ask(
                addresses.map { MTUQuestion(source: 0, address: $0, expected: expected, isOfOwnLink: true) },
                in: namespaces.descriptors)
        }
    }

    private static func runnable(_ names: String...) -> [String] {
        TopologyFile.runnableHere.map(\.name).filter(names.contains)
    }

    @Test(
        arguments: runnable(
            "calico-two-hosts", "flannel-vxlan-dual-stack", "flannel-udp", "calico-dual-stack", "vxlan-ipv6"))
    func `the MTU of the containers' links passes, and no more leaves them`(_ name: String) throws {
        try TestLab.with(TopologyFile(name)) { lab in
            for answer in try ask(lab, from: "A1", to: "B1", lab.topology.mtu) {
                #expect(answer.isAsExpected, "\(answer)")
                #expect(answer.text == "mtu \(lab.topology.mtu)")
            }
        }
    }

    @Test func `a link that is one byte too large is told from one that is not`() throws {
        try TestLab.with(TopologyFile("flannel-vxlan")) { lab in
            let mtu = lab.topology.mtu
            try lab.script(in: "A1", "ip link set dev eth0 mtu \(mtu + 1)")
            try lab.script(in: "A", "ip link set dev docker0 mtu \(mtu + 1); ip link set dev veth1 mtu \(mtu + 1)")
            let answer = try #require(try ask(lab, from: "A1", to: "B1", mtu).first)
            #expect(!answer.isAsExpected)
            #expect(answer.text == "mtu 1450, told by 172.17.8.1; its own link lets 1451 bytes out")
        }
    }

    @Test func `a link that is smaller says so itself, and one on the way does`() throws {
        try TestLab.with(TopologyFile("calico-two-hosts")) { lab in
            try lab.script(in: "A", "ip link set dev eth0 mtu 1400")
            #expect(try ask(lab, from: "A1", to: "B1", 1500).map(\.text) == ["mtu 1400, told by 192.168.100.100"])
            try lab.script(in: "A1", "ip link set dev eth0 mtu 1300")
            #expect(try ask(lab, from: "A1", to: "B1", 1500).map(\.text) == ["mtu 1300 of its own link"])
        }
    }

    @Test func `what vanishes without a word is told from what is refused`() throws {
        try TestLab.with(TopologyFile("calico-two-hosts")) { lab in
            try lab.script(in: "B", "nft add table t; nft 'add chain t f { type filter hook forward priority 0; }'")
            try lab.script(in: "B", "nft add rule t f meta length '>' 1000 drop")
            #expect(try ask(lab, from: "A1", to: "B1", 1500).map(\.text) == ["no answer to 1500 bytes"])
            let answers = try ask(lab, from: "A1", to: "B1", 1000)
            #expect(answers.map(\.text) == ["1000 bytes pass, 1001 bytes vanish without a word"])
        }
    }

    @Test(arguments: runnable("calico-dual-stack", "flannel-udp"))
    func `bytes sent by TCP are counted where they arrive`(_ name: String) throws {
        try TestLab.with(TopologyFile(name)) { lab in
            for address in try #require(lab.nodes.first { $0.name == "B1" }).addresses {
                let path = TrafficPath(
                    from: try lab.directory.open("A1"), to: try lab.directory.open("B1"),
                    target: SocketAddress(address), clock: try ProcessorClock())
                let delivery = try path.deliver(5_000_001)
                #expect(delivery.received == 5_000_001)
                #expect(delivery.failure == nil)
            }
        }
    }
}
