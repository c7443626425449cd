import Foundation
import NetworkState
import TestSupport
import Testing

/// A host that needs no change is known by its seal; whatever has changed breaks that.
@Suite(.namespaces)
struct SealTests {
    private let machine: Machine

    init() throws { machine = try Machine() }

    private func file(_ topology: String) -> String { TopologyFile(topology).url.path }

    private func apply(_ topology: String) throws {
        let finished = try machine.weft("apply", file(topology), "--host", "A")
        try #require(finished.status == 0, "\(finished.errors)")
    }

    private var isSealed: Bool { get throws { try machine.run("test", "-e", "/run/weft/A.seal").status == 0 } }

    /// Applied twice, so that it is known to need no change.
    private func seal(_ topology: String) throws {
        try apply(topology)
        #expect(try !isSealed)
        try apply(topology)
        try #require(try isSealed)
    }

    /// The files in `/run/weft` that a command of weft's opens.
    private func opened(_ arguments: String...) throws -> (files: Set<String>, output: String) {
        let finished = try machine.run(
            ["strace", "-f", "-o", "/run/trace", "-e", "trace=openat", Weft.path] + arguments)
        let files = try machine.run("cat", "/run/trace").lines.compactMap {
            $0.split(separator: "\"").dropFirst().first.flatMap { $0.hasPrefix("/run/weft/") ? String($0) : nil }
        }
        return (Set(files), finished.output)
    }

    @Test(.tracing, arguments: ["calico-dual-stack", "flannel-vxlan", "docker-nat"])
    func `plan and apply of a host that needs no change read no ledger, and say the same as before`(
        _ topology: String
    ) throws {
        try apply(topology)
        for command in ["apply", "plan"] {
            try machine.script("rm -f /run/weft/A.seal")
            let long = try opened(command, file(topology), "--host", "A")
            #expect(long.files.contains("/run/weft/A.json"))
            try apply(topology)
            let short = try opened(command, file(topology), "--host", "A")
            #expect(short.files == ["/run/weft/A.seal"], "\(short.files)")
            #expect(short.output == long.output)
        }
    }

    /// Each leaves something else than was sealed.
    private static let changes: [(topology: String, command: String)] = [
        ("calico-dual-stack", "ip route delete 172.17.0.0/24"),
        ("calico-dual-stack", "ip route change 172.17.8.2 dev veth2 proto 119 scope link"),
        ("calico-dual-stack", "ip route change 172.17.8.2 dev veth1 proto static scope link"),
        ("calico-dual-stack", "ip route add 172.17.0.0/25 via 192.168.100.55 dev eth0"),
        ("calico-dual-stack", "ip route add 172.17.8.2 dev veth1 metric 5"),
        ("calico-dual-stack", "ip route add unreachable 10.0.0.0/8"),
        ("calico-dual-stack", "ip -6 route flush proto bird"),
        ("calico-dual-stack", "ip -6 route add fd99::/64 dev eth0 table 77"),
        ("calico-dual-stack", "ip link set veth1 down"),
        ("calico-dual-stack", "ip link set veth1 mtu 1400"),
        ("calico-dual-stack", "ip link set veth1 alias other"),
        ("calico-dual-stack", "ip link delete veth2"),
        ("calico-dual-stack", "ip link add other type dummy 2>/dev/null || ip link add other type bridge"),
        ("calico-dual-stack", "ip address add 10.9.9.9/32 dev veth1"),
        ("calico-dual-stack", "ip address delete 192.168.100.100/24 dev eth0"),
        ("calico-dual-stack", "echo 0 > /proc/sys/net/ipv4/ip_forward"),
        ("calico-dual-stack", "echo 0 > /proc/sys/net/ipv4/conf/veth1/proxy_arp"),
        ("calico-dual-stack", "ip -n A1 route delete default"),
        ("calico-dual-stack", "ip -n A1 link set eth0 address 02:00:00:00:00:77"),
        // Its links go later, when the kernel comes to it.
        (
            "calico-dual-stack",
            "ip netns delete A2; timeout 30 sh -c 'while ip link show veth2; do sleep 0.01; done' >/dev/null 2>&1"
        ),
        (
            "flannel-vxlan",
            "bridge fdb delete $(bridge fdb show dev flannel.1 | head -1 | cut -d' ' -f1-3) dev flannel.1"
        ),
        ("flannel-vxlan", "ip neighbour flush dev flannel.1 nud permanent"),
        ("flannel-vxlan", "ip link set veth1 nomaster"),
        ("flannel-vxlan", "ip link delete flannel.1"),
        ("docker-nat", "nft delete table inet weft-docker-nat"),
        ("docker-nat", "nft add chain inet weft-docker-nat other"),
        ("calico-dual-stack", "rm /run/weft/A.json"),
        ("calico-dual-stack", "cp -p /run/weft/A.json /run/copy && mv /run/copy /run/weft/A.json"),
        ("calico-dual-stack", "echo '{}' > /run/weft/A.journal"),
        ("calico-dual-stack", "echo nonsense > /run/weft/A.seal"),
    ]

    @Test(arguments: changes)
    func `what has changed on a host is seen in spite of a seal`(_ change: (topology: String, command: String)) throws {
        try seal(change.topology)
        let sealed = try machine.weft("plan", file(change.topology), "--host", "A")
        try machine.script(change.command)
        let seen = try machine.weft("plan", file(change.topology), "--host", "A")
        try machine.script("rm /run/weft/A.seal")
        let without = try machine.weft("plan", file(change.topology), "--host", "A")
        #expect(seen.status == without.status)
        #expect(seen.output == without.output)
        #expect(seen.errors == without.errors)
        #expect(sealed.status == 0 && sealed.output.contains("nothing to change"))
    }

    @Test(.tracing, arguments: changes.filter { !$0.command.contains("/run/weft") && !$0.command.contains("table 77") })
    func `no seal is good for a kernel that differs`(_ change: (topology: String, command: String)) throws {
        try seal(change.topology)
        try machine.script(change.command)
        let seen = try opened("plan", file(change.topology), "--host", "A")
        #expect(seen.files.contains("/run/weft/A.json"))
    }

    @Test(.tracing, arguments: ["", "ip rule add from 10.9.0.0/16 lookup 77"])
    func `routes of tables that are nobody's business break no seal`(_ rule: String) throws {
        try machine.script(rule)
        try seal("calico-dual-stack")
        try machine.script(
            """
            ip route add 10.9.9.0/24 dev eth0 table 77; ip -6 route add fd99::/64 dev eth0 table 77
            ip route add 10.9.8.0/24 dev eth0 table default; ip route add local 10.9.7.7 dev eth0 table local
            """)
        let seen = try opened("plan", file("calico-dual-stack"), "--host", "A")
        #expect(seen.files == ["/run/weft/A.seal"], "\(seen.files)")
        #expect(seen.output.contains("nothing to change"))
    }

    @Test func `another topology, host or flag is not what was sealed`() throws {
        try seal("calico-two-hosts")
        let text = try TopologyFile("calico-two-hosts").text
        let ways: [[String]] = [["--host", "A", "--take-over"], ["--host", "B"]]
        for way in ways {
            let seen = try machine.run([Weft.path, "plan", file("calico-two-hosts")] + way)
            try machine.script("mv /run/weft/A.seal /run/seal")
            let without = try machine.run([Weft.path, "plan", file("calico-two-hosts")] + way)
            try machine.script("mv /run/seal /run/weft/A.seal")
            #expect((seen.status, seen.output, seen.errors) == (without.status, without.output, without.errors))
        }
        let other = text.replacing("172.17.9.0/24", with: "172.17.9.0/25")
        #expect(other != text)
        let seen = try machine.weft("plan", "-", "--host", "A", "--exit-code", input: other)
        #expect(seen.status == 2, "\(seen.output)\(seen.errors)")
    }

    @Test func `a topology with something odd about it is said so each time, and not sealed`() throws {
        let text = try TopologyFile("calico-two-hosts").text
            .replacing(#""segments": ["#, with: #""segments": [{ "name": "unused", "subnet": "10.77.0.0/24" },"#)
        for _ in 1...3 {
            let finished = try machine.weft("apply", "-", "--host", "A", input: text)
            #expect(finished.status == 0)
            #expect(finished.errors.contains("unused"), "\(finished.errors)")
            #expect(try !isSealed)
        }
    }

    @Test func `nothing of a seal is left of a host that is destroyed`() throws {
        try seal("calico-two-hosts")
        #expect(try machine.weft("destroy", "--host", "A").status == 0)
        #expect(try machine.run("ls", "/run/weft").lines == ["A.lock"])
    }
}
