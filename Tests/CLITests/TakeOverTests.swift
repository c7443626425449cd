import Foundation
import TestSupport
import Testing

/// What is foreign and in the way: left alone, unless somebody says to take it over, and then given back.
@Suite(.namespaces)
struct TakeOverTests {
    /// Something of somebody else's, in the way of what a topology declares for its host A.
    struct Obstacle: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let topology: String
        let script: String
        let holders: [String]

        init(_ name: String, in topology: String, _ holders: String..., script: String) {
            testDescription = name
            self.topology = topology
            self.script = script
            self.holders = holders
        }
    }

    /// A bridge takes over limits of its first port, and keeps them.
    private static let havingHadPorts = """
        ip link add port type veth peer name port1
        ip link set port master docker0
        ip link delete port
        """

    private static let obstacles = [
        Obstacle(
            "a route", in: "calico-two-hosts", "proto static",
            script: "ip route add 172.17.9.0/24 via 192.168.100.55 dev eth0 proto static mtu 1400"),
        Obstacle(
            "a multipath route", in: "calico-two-hosts", "proto bgp",
            script: """
                ip route add 172.17.9.0/24 proto bgp nexthop via 192.168.100.55 dev eth0 nexthop via 192.168.100.56 dev eth0
                """),
        Obstacle(
            "an unreachable route", in: "calico-two-hosts", "proto boot",
            script: "ip route add unreachable 172.17.9.0/24 proto boot"),
        Obstacle(
            "a bridge in the place of a veth pair", in: "calico-two-hosts", "alias 'theirs'",
            script: """
                ip link add veth1 mtu 1300 address 02:00:00:00:00:77 type bridge
                ip link set veth1 alias theirs
                echo 1 > /proc/sys/net/ipv4/conf/veth1/proxy_arp
                """),
        Obstacle(
            "a VXLAN link in the place of a veth pair", in: "calico-two-hosts", "a vxlan link",
            script: """
                ip link add veth2 mtu 1300 address 02:00:00:00:00:77 type vxlan id 7 dstport 99 dev eth0 \\
                    local 192.168.100.100 nolearning
                """),
        Obstacle(
            "a bridge of that name", in: "docker-nat", "a bridge link",
            script: """
                ip link add docker0 mtu 1400 address 02:00:00:00:00:77 type bridge
                echo 1 > /proc/sys/net/ipv6/conf/docker0/disable_ipv6
                \(havingHadPorts)
                ip link set docker0 up
                ip address add 10.77.0.1/24 dev docker0
                ip route add 10.78.0.0/24 via 10.77.0.9 dev docker0
                """),
        Obstacle(
            "an address of another scope", in: "docker-nat", "a bridge link", "an address of scope link",
            script: """
                ip link add docker0 address 02:00:00:00:00:77 type bridge
                echo 1 > /proc/sys/net/ipv6/conf/docker0/disable_ipv6
                \(havingHadPorts)
                ip link set docker0 up
                ip link set docker0 down
                ip address add 172.17.0.1/24 scope link dev docker0
                """),
        Obstacle(
            "a VXLAN link with entries", in: "calico-vxlan", "alias 'theirs'", "proto static", "dst 192.168.100.77",
            script: """
                ip link add vxlan.calico address 02:00:00:00:00:77 type vxlan id 4096 dstport 4789 dev eth0 \\
                    local 192.168.100.100 nolearning
                echo 1 > /proc/sys/net/ipv6/conf/vxlan.calico/disable_ipv6
                ip link set vxlan.calico alias theirs up
                ip neighbour add 172.17.9.0 dev vxlan.calico lladdr 02:00:00:00:00:78 protocol static nud permanent
                bridge fdb add b6:15:4f:b0:12:56 dev vxlan.calico dst 192.168.100.77 self permanent
                """),
        Obstacle(
            "a VXLAN link of another network", in: "calico-vxlan", "a vxlan link",
            script: """
                ip link add vxlan.calico address 02:00:00:00:00:77 type vxlan id 7 dstport 99 dev eth0 \\
                    local 192.168.100.100 nolearning
                """),
        Obstacle(
            "a table", in: "calico-egress", "a table of that name",
            script: "nft 'table inet weft-calico-egress { chain c { ip saddr 10.0.0.1 drop; }; }'"),
    ]

    private let machine: Machine

    init() throws {
        machine = try Machine()
    }

    @Test(arguments: obstacles)
    func `what is in the way is named, taken over if asked for, and given back`(_ obstacle: Obstacle) throws {
        try machine.script(obstacle.script)
        let start = try machine.dump()
        let file = TopologyFile(obstacle.topology).url.path

        let refused = try machine.weft("plan", file, "--host", "A")
        #expect(refused.status == 7)
        #expect(try machine.weft("apply", file, "--host", "A").status == 7)
        try expectSame(machine.dump(), start)

        let plan = try machine.weft("plan", file, "--host", "A", "--take-over", "--out", "/run/A.plan")
        #expect(plan.status == 0, "\(plan.output)\(plan.errors)")
        for holder in obstacle.holders {
            #expect(
                refused.lines.contains {
                    $0.contains("  ! ") && $0.contains("held by \(holder); --take-over to replace")
                })
            #expect(plan.lines.contains { $0.contains("; taken over from \(holder)") }, "\(plan.output)")
        }
        try expectSame(machine.dump(), start)

        // The plan says what is taken over, and whoever carries it out need not say so again.
        let applied = try machine.weft("apply", "/run/A.plan")
        #expect(applied.status == 0, "\(applied.errors)")
        let again = try machine.weft("plan", file, "--host", "A", "--exit-code")
        #expect(again.status == 0, "\(again.output)\(again.errors)")

        let destroyed = try machine.weft("destroy", "--host", "A")
        #expect(destroyed.status == 0, "\(destroyed.errors)")
        try expectSame(machine.dump(), start)
        #expect(try machine.namespaces.isEmpty)
    }

    @Test(arguments: [
        ("ip link add veth1 type bridge; ip address add 10.77.0.1/24 dev veth1", "would go with link veth1"),
        (
            "ip link add veth1 type bridge; ip link add port type veth peer name port1; ip link set port master veth1",
            "would go with link veth1"
        ),
        ("ip link add veth1 type veth peer name elsewhere", "could not give back"),
        ("ip route add 172.17.9.0/24 via 192.168.100.55 dev eth0 initcwnd 20", "could not give back"),
    ])
    func `what could not be given back stays in the way`(_ script: String, _ reason: String) throws {
        try machine.script(script)
        let start = try machine.dump()
        let file = TopologyFile("calico-two-hosts").url.path
        for command in ["plan", "apply"] {
            let finished = try machine.weft(command, file, "--host", "A", "--take-over")
            #expect(finished.status == 7)
            #expect((finished.output + finished.errors).contains(reason), "\(finished.output)\(finished.errors)")
        }
        try expectSame(machine.dump(), start)
        #expect(try machine.namespaces.isEmpty)
    }

    @Test func `leaving the topology gives back as destroying does`() throws {
        try machine.script(
            """
            ip link add veth2 mtu 1300 type bridge
            ip route add 172.17.8.3 via 192.168.100.55 dev eth0 proto static
            """)
        let before = try machine.run("ip", "route", "show", "172.17.8.3").output
        let text = try TopologyFile("calico-two-hosts").text
        let smaller = text.replacing(
            ",\n        { \"name\": \"A2\", \"address\": \"172.17.8.3\", \"link\": \"veth2\" }", with: "")
        #expect(smaller != text)
        #expect(try machine.weft("apply", "-", "--host", "A", "--take-over", input: text).status == 0)
        #expect(try machine.run("ip", "route", "show", "172.17.8.3").output.contains("dev veth2"))
        let finished = try machine.weft("apply", "-", "--host", "A", input: smaller)
        #expect(finished.status == 0, "\(finished.errors)")
        #expect(finished.output.contains("# as it was before"))
        #expect(try machine.run("ip", "route", "show", "172.17.8.3").output == before)
        #expect(try machine.run("ip", "-d", "link", "show", "veth2").output.contains("mtu 1300"))
        #expect(try machine.run("ip", "-d", "link", "show", "veth2").output.contains("bridge "))
    }

    /// The last route of the topology cannot be made: its gateway is nowhere.
    @Test func `what a failed apply took over is as it was`() throws {
        try machine.script(
            """
            ip link add veth1 mtu 1300 address 02:00:00:00:00:77 type bridge
            ip route add 172.17.8.3 via 192.168.100.55 dev eth0 proto static
            """)
        let plan = try machine.weft(
            "plan", TopologyFile("calico-two-hosts").url.path, "--host", "A", "--take-over", "--out", "/run/A.plan")
        #expect(plan.status == 0, "\(plan.errors)")
        // A plan that somebody has broken: the kernel refuses its last route.
        try machine.script("sed -i 's/192.168.100.101/203.0.113.9/; s/\"onlink\": true/\"onlink\": false/' /run/A.plan")
        let start = try machine.dump()
        let applied = try machine.weft("apply", "/run/A.plan")
        #expect(applied.status == 8, "\(applied.errors)")
        try expectSame(machine.dump(), start)
    }
}
