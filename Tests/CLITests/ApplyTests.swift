import Foundation
import NetworkState
import TestSupport
import Testing

/// `weft apply`, `plan` and `destroy` on a machine, looked at with the standard tools.
@Suite(.namespaces)
struct ApplyTests {
    private let machine: Machine
    private let file = TopologyFile("calico-two-hosts").url.path

    init() throws {
        machine = try Machine()
    }

    private func apply() throws {
        let finished = try machine.weft("apply", file, "--host", "A")
        try #require(finished.status == 0, "\(finished.errors)")
    }

    @Test func `applying twice changes nothing the second time`() throws {
        try apply()
        let before = try machine.dump()
        let again = try machine.weft("apply", file, "--host", "A")
        #expect(again.status == 0)
        #expect(again.output.contains("nothing to change"))
        try expectSame(machine.dump(), before)
        #expect(try machine.weft("plan", file, "--host", "A", "--exit-code").status == 0)
    }

    @Test func `apply tells by its exit code whether it changed something, if asked to`() throws {
        #expect(try machine.weft("apply", file, "--host", "A", "--detailed-exitcode").status == 2)
        #expect(try machine.weft("apply", file, "--host", "A", "--detailed-exitcode").status == 0)
    }

    @Test func `a plan changes nothing`() throws {
        let before = try machine.dump()
        #expect(try machine.weft("plan", file, "--host", "A", "--exit-code").status == 2)
        try expectSame(machine.dump(), before)
        #expect(try machine.run("find", "/run", "-type", "f").output.isEmpty)
    }

    @Test(arguments: ["172.17.8.2", "172.17.9.0/24", "169.254.1.1", "172.17.8.0/24"])
    func `a route that somebody has deleted is named, and restored alone`(_ destination: String) throws {
        try apply()
        let whole = try machine.dump()
        try machine.script("ip route del $(ip route show \(destination) root \(destination) | head -n 1)")
        let plan = try machine.weft("plan", file, "--host", "A", "--exit-code")
        #expect(plan.status == 2)
        #expect(plan.lines.filter { $0.hasPrefix("  + ") }.count == 1)
        #expect(plan.output.contains("+ route     A/\(destination) "))
        #expect(plan.output.contains("Plan: 1 to add, 0 to change, 0 to replace, 0 to remove"))
        #expect(try machine.weft("apply", file, "--host", "A").output.contains("1 to add, 0 to change"))
        try expectSame(machine.dump(), whole)
    }

    @Test func `destroying leaves the machine as it was before the first apply`() throws {
        try machine.script("echo 1 > /proc/sys/net/ipv4/conf/far/forwarding")
        let before = try machine.dump()
        try apply()
        #expect(try machine.dump() != before)
        let destroyed = try machine.weft("destroy", "--host", "A")
        #expect(destroyed.status == 0, "\(destroyed.errors)")
        try expectSame(machine.dump(), before)
        #expect(try machine.namespaces.isEmpty)
        #expect(try machine.run("find", "/run", "-name", "*.json").output.isEmpty)
        #expect(try machine.weft("destroy", "--host", "A").output == "host A: nothing of weft's is here\n")
    }

    /// The links stay, with the settings that they would have had without IPv6.
    @Test func `leaving IPv6 leaves what a host has that never had it`() throws {
        let dual = try TopologyFile("calico-dual-stack").text
        let single = dual.replacing(#/, "fd00:[^"]*"/#, with: "")
        #expect(!single.contains("fd00"))
        let fresh = try Machine()
        #expect(try fresh.weft("apply", "-", "--host", "A", input: single).status == 0)
        for text in [dual, single] {
            let finished = try machine.weft("apply", "-", "--host", "A", input: text)
            #expect(finished.status == 0, "\(finished.errors)")
        }
        try expectSame(machine.dump(), fresh.dump())
        for netns in ["A1", "A2"] { try expectSame(machine.dump(netns: netns), fresh.dump(netns: netns)) }
        #expect(try machine.weft("apply", "-", "--host", "A", "--detailed-exitcode", input: single).status == 0)
    }

    @Test func `what is foreign is left alone by every command`() throws {
        try machine.script(
            """
            ip link add foreign0 type veth peer name foreign1
            ip address add 10.9.0.1/24 dev foreign0
            ip link set foreign0 up
            ip address add 10.8.0.1/24 dev eth0
            ip route add 203.0.113.0/24 via 192.168.100.1 dev eth0 proto bird
            ip route add 198.51.100.0/24 dev eth0 metric 77
            ip route add blackhole 192.0.2.0/24 proto 119
            ip rule add from 10.9.0.0/24 lookup 99
            ip route add default via 192.168.100.1 table 99
            ip neighbour add 192.168.100.7 lladdr 02:00:00:00:00:07 dev eth0
            """)
        let before = try machine.dump()
        for command in ["plan", "apply", "apply", "destroy", "destroy"] {
            #expect(try machine.weft(command, file, "--host", "A").status == 0, "\(command)")
        }
        try expectSame(machine.dump(), before)
    }

    @Test(arguments: [
        "ip route add 172.17.9.0/24 via 192.168.100.55 dev eth0 proto static",
        "ip link add veth1 type bridge",
        "ip link add veth1 type veth peer name elsewhere",
    ])
    func `a foreign object in the way is a conflict, and nothing is touched`(_ command: String) throws {
        try machine.script(command)
        let before = try machine.dump()
        let finished = try machine.weft("apply", file, "--host", "A")
        #expect(finished.status == 7)
        #expect(finished.errors.contains("in the way"))
        #expect(finished.errors.contains(command.contains("veth1") ? "veth1" : "172.17.9.0/24"))
        try expectSame(machine.dump(), before)
        #expect(try machine.namespaces.isEmpty)
    }

    @Test func `a link that carries something foreign is not removed`() throws {
        try apply()
        try machine.script("ip route add 203.0.113.0/24 dev veth1")
        let before = try machine.dump()
        let finished = try machine.weft("destroy", "--host", "A")
        #expect(finished.status == 7)
        #expect(finished.errors.contains("203.0.113.0/24"))
        try expectSame(machine.dump(), before)
        try machine.script("ip route del 203.0.113.0/24 dev veth1")
        #expect(try machine.weft("destroy", "--host", "A").status == 0)
    }

    @Test func `an address with which somebody else's route would go stays`() throws {
        let text = try TopologyFile("flannel-host-gw").text
        let host = try #require(try Weft.run("compile", "-", input: text).lines.first?.dropFirst("host ".count))
        func weft(_ command: String, _ text: String) throws -> Finished {
            try machine.weft(command, "-", "--host", String(host), input: text)
        }
        #expect(try weft("apply", text).status == 0)
        let bridged = try machine.run("ip", "-4", "-o", "address", "show", "type", "bridge").output
        let address = try #require(try /inet (\d+\.\d+\.\d+)\.1\/24/.firstMatch(in: bridged)?.1)
        try machine.script("ip route add 203.0.113.0/24 via 192.168.100.7 dev eth0 src \(address).1")
        let before = try machine.dump()
        let moved = text.replacing("\(address).", with: "172.17.45.")
        #expect(moved != text)
        let refused = try weft("apply", moved)
        #expect(refused.status == 7, "\(refused.output)\(refused.errors)")
        #expect(refused.errors.contains("203.0.113.0/24"), "\(refused.errors)")
        try expectSame(machine.dump(), before)
        try machine.script("ip route del 203.0.113.0/24")
        #expect(try weft("apply", moved).status == 0)
    }

    @Test func `a container that leaves the topology is removed, and the others do not notice`() throws {
        try apply()
        let neighbour = try machine.dump(netns: "A1")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let smaller = text.replacing(
            ",\n        { \"name\": \"A2\", \"address\": \"172.17.8.3\", \"link\": \"veth2\" }", with: "")
        #expect(smaller != text)
        let finished = try machine.weft("apply", "-", "--host", "A", input: smaller)
        #expect(finished.status == 0, "\(finished.errors)")
        #expect(try machine.namespaces == ["A1"])
        #expect(!(try machine.dump().contains("veth2")))
        try expectSame(machine.dump(netns: "A1"), neighbour)
    }

    @Test func `a host without the link that its routes need is told so, and left as it was`() throws {
        try machine.script("ip link delete eth0")
        let before = try machine.dump()
        let finished = try machine.weft("apply", file, "--host", "A")
        #expect(finished.status == 1)
        #expect(finished.errors.contains("eth0"))
        try expectSame(machine.dump(), before)
        #expect(try machine.namespaces.isEmpty)
    }
}
