import Foundation
import TestSupport
import Testing

/// What `weft agent` repairs, what it leaves alone, and to whom it gives way.
@Suite(.namespaces)
struct AgentRepairTests {
    /// Each is one thing of another kind that somebody deletes or changes; the last word is the kind.
    private static let drifts: [(topology: String, commands: [(command: String, kind: String)])] = [
        (
            "calico-two-hosts",
            [
                ("ip route del 172.17.9.0/24", "route"),
                ("ip route del 172.17.8.2", "route"),
                ("ip -n A1 route del default", "route"),
                ("ip -n A1 address del 172.17.8.2/32 dev eth0", "address"),
                ("ip link set veth1 mtu 1400", "link"),
                ("ip link set veth2 down", "link"),
                ("ip -n A2 link set eth0 address 02:00:00:00:00:99", "link"),
                ("ip link del veth2", "link"),
                ("echo 0 > /proc/sys/net/ipv4/conf/veth1/proxy_arp", "sysctl"),
                ("echo 50 > /proc/sys/net/ipv4/neigh/veth1/proxy_delay", "sysctl"),
                ("echo 0 > /proc/sys/net/ipv4/ip_forward", "sysctl"),
                ("ip netns del A1", "netns"),
                ("rm /run/weft/A.json; ip route del 172.17.8.3", "route"),
            ]
        ),
        (
            "calico-vxlan",
            [
                (
                    "bridge fdb del $(bridge fdb show dev vxlan.calico | grep dst | cut -d' ' -f1-4 | head -n 1) dev vxlan.calico",
                    "fdb"
                ),
                (
                    "bridge fdb replace $(bridge fdb show dev vxlan.calico | grep dst | cut -d' ' -f1 | head -n 1) dev vxlan.calico dst 192.168.100.222",
                    "fdb"
                ),
                (
                    "ip neigh del $(ip neigh show nud permanent dev vxlan.calico | cut -d' ' -f1 | head -n 1) dev vxlan.calico",
                    "neighbour"
                ),
                (
                    "ip neigh change $(ip neigh show nud permanent dev vxlan.calico | cut -d' ' -f1 | head -n 1) lladdr 02:00:00:00:00:99 dev vxlan.calico nud permanent",
                    "neighbour"
                ),
                ("ip link del vxlan.calico", "link"),
            ]
        ),
        (
            "calico-egress",
            [
                ("nft delete table inet weft-calico-egress", "table"),
                ("nft flush table inet weft-calico-egress", "table"),
            ]
        ),
    ]

    @Test(arguments: drifts.indices)
    func `whatever of its own is deleted or changed by hand is repaired`(_ index: Int) throws {
        let (topology, commands) = Self.drifts[index]
        try AgentMachine.with(topology) { agent in
            let whole = try Self.sorted(agent.machine.dump())
            let inside = try Self.sorted(agent.machine.dump(netns: "A1"))
            for (command, kind) in commands {
                let before = agent.lines("repaired").count
                try agent.machine.script(command)
                #expect(agent.hasLogged("repaired", "\(kind) ", skipping: before), "\(command)")
                #expect(try agent.isConverged(), "\(command)")
            }
            try expectSame(Self.sorted(agent.machine.dump()), whole)
            try expectSame(Self.sorted(agent.machine.dump(netns: "A1")), inside)
        }
    }

    /// Links that come back are told last.
    private static func sorted(_ dump: String) -> String {
        dump.split(separator: "\n").sorted().joined(separator: "\n") + "\n"
    }

    @Test func `what is foreign is left alone, whatever becomes of it`() throws {
        try AgentMachine.with { agent in
            try agent.machine.script(
                """
                ip link add foreign0 type veth peer name foreign1
                ip address add 10.9.0.1/24 dev foreign0
                ip link set foreign0 up
                ip route add 203.0.113.0/24 via 192.168.100.1 dev eth0 proto bird
                ip neighbour add 192.168.100.7 lladdr 02:00:00:00:00:07 dev eth0
                ip rule add from 10.9.0.0/24 lookup 99
                ip netns add foreign
                nft add table inet foreign
                ip link set foreign0 mtu 1400
                ip route change 203.0.113.0/24 via 192.168.100.2 dev eth0 proto bird
                ip neighbour change 192.168.100.7 lladdr 02:00:00:00:00:08 dev eth0
                ip -n A1 route add 192.0.2.0/24 dev eth0
                ip route del 203.0.113.0/24
                ip netns del foreign
                nft delete table inet foreign
                """)
            let before = try agent.machine.dump()
            // The agent has seen all that once it has repaired what came after.
            try agent.machine.script("ip route del 172.17.9.0/24")
            #expect(agent.hasLogged("repaired", "route A/172.17.9.0/24"))
            #expect(agent.lines("repaired").count == 1)
            try expectSame(agent.machine.dump(), before)
        }
    }

    @Test func `observing changes nothing, and tells each difference once`() throws {
        let machine = try Machine()
        let file = TopologyFile("calico-two-hosts").url.path
        #expect(try machine.weft("apply", file, "--host", "A").status == 0)
        try machine.script("ip route del 172.17.9.0/24")
        let before = try machine.dump()
        try AgentMachine.with("calico-two-hosts", "--mode", "observe", on: machine) { agent in
            #expect(agent.hasLogged("drift", "route A/172.17.9.0/24", "action=add"))
            try machine.script("ip route del 172.17.8.3")
            #expect(agent.hasLogged("drift", "route A/172.17.8.3"))
            try machine.script("ip route add 172.17.8.3 dev veth2 scope link proto 119")
            #expect(agent.hasLogged("resolved", "route A/172.17.8.3"))
            // Further looks say nothing new.
            agent.agent.send(SIGHUP)
            #expect(agent.hasLogged("loaded", skipping: 1))
            try machine.script("ip link set veth1 mtu 1400")
            #expect(agent.hasLogged("drift", "link A/veth1"))
            try machine.script("ip link set veth1 mtu 1500")
            #expect(agent.hasLogged("resolved", "link A/veth1"))
            #expect(agent.lines("drift").filter { $0.contains("172.17.9.0/24") }.count == 1)
            try expectSame(machine.dump(), before)
        }
    }

    @Test func `observing tells what is in the way as well`() throws {
        let machine = try Machine()
        try machine.script("ip route add 172.17.9.0/24 via 192.168.100.55 dev eth0 proto static")
        let before = try machine.dump()
        try AgentMachine.with("calico-two-hosts", "--mode", "observe", on: machine) { agent in
            #expect(agent.hasLogged("drift", "route A/172.17.9.0/24", "action=conflict"))
            #expect(agent.hasLogged("drift", "netns A1", "action=add"))
            try machine.script("ip link set eth0 name other0")
            #expect(agent.hasLogged("failed", "host A has no link eth0"))
            try machine.script("ip link set other0 name eth0")
            #expect(agent.hasLogged("settled"))
            try expectSame(machine.dump(), before)
        }
    }

    @Test func `who keeps undoing a repair is left to it for longer and longer, and named`() throws {
        try AgentMachine.with { agent in
            let opponent = try agent.machine.start([
                "sh", "-c", "while :; do ip route del 172.17.9.0/24 2>/dev/null; sleep 0.3; done",
            ])
            #expect(agent.hasLogged("contested", "route A/172.17.9.0/24", "duration=2.0s"))
            #expect((6...8).contains(agent.lines("repaired").count))
            // A new topology does not wait for peace.
            try agent.replaceTopology { $0.replacing(AgentMachine.secondContainer, with: "") }
            #expect(agent.hasLogged("applied", skipping: 1))
            _ = opponent.end(SIGKILL)
        }
    }

    @Test(arguments: ["rm /run/weft/A.json", "echo damaged > /run/weft/A.json"])
    func `a ledger that is lost or damaged is written anew`(_ command: String) throws {
        try AgentMachine.with { agent in
            let state = try agent.machine.dump()
            try agent.machine.script(command)
            #expect(agent.hasLogged("notice", "no ledger tells of"))
            let isBack = try eventually {
                try agent.machine.run("grep", "-q", "\"topology\": \"calico-two-hosts\"", "/run/weft/A.json").status
                    == 0
            }
            #expect(isBack, "\(agent.agent.errors)")
            try expectSame(agent.machine.dump(), state)
            #expect(agent.lines("repaired").isEmpty)
        }
    }

    @Test func `a conflict is told once, and over as soon as what is in the way has gone`() throws {
        let machine = try Machine()
        try machine.script("ip route add 172.17.9.0/24 via 192.168.100.55 dev eth0 proto static")
        let agent = try machine.start([
            Weft.path, "agent", TopologyFile("calico-two-hosts").url.path, "--host", "A", "--interval", "1s",
        ])
        #expect(eventually { agent.errors.contains("event=failed") })
        try machine.script("ip route del 172.17.9.0/24")
        #expect(eventually { agent.errors.contains("event=applied") })
        #expect(agent.errors.split(separator: "\n").filter { $0.contains("event=failed") }.count == 1)
        #expect(eventually { agent.errors.contains("event=settled") })
        #expect(agent.end() == 0)
    }

    @Test func `a second agent for a host is refused, and told who is there`() throws {
        try AgentMachine.with { agent in
            let second = try agent.machine.weft("agent", agent.file.path, "--host", "A")
            #expect(second.status == 6)
            #expect(second.errors.contains("A.agent.lock is locked by process \(agent.agent.id) ("))
        }
    }

    @Test func `commands get their turn beside an agent, and it waits for them`() throws {
        try AgentMachine.with { agent in
            let holder = try agent.machine.start(["flock", "--no-fork", "/run/weft/A.lock", "sleep", "60"])
            #expect(eventually { (try? agent.machine.weft("apply", agent.file.path, "--host", "A").status) == 6 })
            try agent.machine.script("ip route del 172.17.9.0/24")
            #expect(agent.hasLogged("waiting", "A.lock is locked"))
            #expect(holder.end(SIGKILL) == 128 + SIGKILL)
            #expect(agent.hasLogged("repaired", "route A/172.17.9.0/24"))
            #expect(try agent.machine.weft("apply", agent.file.path, "--host", "A").status == 0)
        }
    }

    @Test func `an apply that waits to be confirmed is waited for`() throws {
        try AgentMachine.with { agent in
            let larger = try TopologyFile("calico-two-hosts").text.replacing(AgentMachine.secondContainer, with: "")
            let applied = try agent.machine.weft("apply", "-", "--host", "A", "--confirm", "60s", input: larger)
            #expect(applied.status == 0, "\(applied.errors)")
            #expect(agent.hasLogged("waiting", "weft confirm --host A"))
            #expect(try agent.machine.namespaces == ["A1"])
            #expect(try agent.machine.weft("confirm", "--host", "A").status == 0)
            #expect(agent.hasLogged("repaired", "netns A2"))
        }
    }
}
