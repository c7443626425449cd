import Foundation
import TestSupport
import Testing

/// Plans that are kept in a file between being made and being carried out.
@Suite(.namespaces)
struct SavedPlanTests {
    private let machine: Machine
    private let topology = TopologyFile("calico-two-hosts").url.path
    private let plan = "/run/A.plan"

    init() throws {
        machine = try Machine()
        #expect(try machine.weft("plan", topology, "--host", "A", "--out", plan).status == 0)
    }

    @Test func `a saved plan is shown as it was made, and does what it shows`() throws {
        let shown = try machine.weft("show", plan)
        #expect(shown.status == 0)
        #expect(shown.output == (try machine.weft("plan", topology, "--host", "A").output))
        #expect(try machine.weft("apply", plan).status == 0)
        #expect(try machine.weft("plan", topology, "--host", "A", "--exit-code").status == 0)
    }

    @Test func `equal states give equal plans, byte for byte`() throws {
        #expect(try machine.weft("plan", topology, "--host", "A", "--out", "/run/again.plan").status == 0)
        #expect(try machine.run("cmp", plan, "/run/again.plan").status == 0)
    }

    @Test(arguments: [
        ("ip route add blackhole 172.17.8.0/24 metric 1024", "route A/172.17.8.0/24"), ("ip netns add A1", "netns A1"),
        ("echo 1 > /proc/sys/net/ipv4/ip_forward", "sysctl A/net/ipv4/ip_forward"),
    ])
    func `a plan is stale once something that it touches has changed`(_ command: String, _ name: String) throws {
        try machine.script(command)
        let before = try machine.dump()
        let finished = try machine.weft("apply", plan)
        #expect(finished.status == 5)
        #expect(finished.errors.contains(name), "\(finished.errors)")
        try expectSame(try machine.dump(), before)
    }

    @Test(arguments: [
        "ip route add 203.0.113.0/24 dev eth0", "ip link add other type bridge", "ip netns add other",
        "ip address add 203.0.113.9/24 dev eth0", "ip link set dev far mtu 1400",
        "ip neighbour add 192.168.100.7 lladdr 02:00:00:00:00:07 dev eth0",
        "echo 1 > /proc/sys/net/ipv4/conf/far/proxy_arp",
        "ip link add other type veth peer name other2 && ip link delete other",
    ])
    func `what a plan does not touch may change`(_ command: String) throws {
        try machine.script(command)
        let finished = try machine.weft("apply", plan)
        #expect(finished.status == 0, "\(finished.errors)")
    }

    @Test func `a plan is for the host it was made for`() throws {
        let finished = try machine.weft("apply", plan, "--host", "B")
        #expect(finished.status == 64)
        #expect(finished.errors.contains("for host 'A', not 'B'"))
    }

    @Test func `what is no plan is not shown`() throws {
        let finished = try machine.weft("show", topology)
        #expect(finished.status == 1)
        #expect(finished.errors.contains("weft plan --out"))
    }

    @Test func `two applies do not run at once, and the second is told of the first`() throws {
        try machine.script("mkdir -p /run/weft")
        let script = """
            exec 9>/run/weft/A.lock; flock 9
            echo '{"pid": 1, "command": "weft apply other.json", "since": "2026-01-31T12:00:00Z"}' >&9
            "$0" apply "$1" --host A
            """
        let finished = try machine.run("bash", "-c", script, Weft.path, topology)
        #expect(finished.status == 6)
        #expect(finished.errors.contains("weft apply other.json"))
        #expect(try machine.namespaces.isEmpty)
    }
}
