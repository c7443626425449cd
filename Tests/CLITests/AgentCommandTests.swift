import Foundation
import TestSupport
import Testing

/// `weft agent` on a machine, as a process.
@Suite(.namespaces)
struct AgentCommandTests {
    private static let secondContainer =
        ",\n        { \"name\": \"A2\", \"address\": \"172.17.8.3\", \"link\": \"veth2\" }"

    private func with(
        _ topology: String = "calico-two-hosts", _ options: String..., on machine: Machine? = nil,
        environment: [String: String] = [:], _ body: (AgentMachine) throws -> Void
    ) throws {
        let machine = try AgentMachine(topology, options, on: machine, environment: environment)
        defer { machine.tearDown() }
        try body(machine)
    }

    @Test func `it makes the host as its topology says, and leaves it so at its end`() throws {
        let other = try Machine()
        #expect(try other.weft("apply", TopologyFile("calico-two-hosts").url.path, "--host", "A").status == 0)
        try with { agent in
            try expectSame(agent.machine.dump(), other.dump())
            #expect(agent.agent.end() == 0)
            try expectSame(agent.machine.dump(), other.dump())
            #expect(agent.hasLogged("stopping"))
        }
    }

    @Test func `containers come and go with the file, and the others do not notice`() throws {
        try with { agent in
            let neighbour = try agent.machine.dump(netns: "A1")
            try agent.replaceTopology { $0.replacing(Self.secondContainer, with: "") }
            #expect(agent.hasLogged("applied", skipping: 1))
            #expect(try agent.machine.namespaces == ["A1"])
            let text = try TopologyFile("calico-two-hosts").text
            try agent.replaceTopology { _ in text }
            #expect(agent.hasLogged("applied", skipping: 2))
            #expect(try agent.machine.namespaces == ["A1", "A2"])
            try expectSame(agent.machine.dump(netns: "A1"), neighbour)
            #expect(try agent.isConverged())
        }
    }

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
        try with(topology) { agent in
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
        try with { agent in
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

    @Test func `a topology with mistakes is told of, and the last good one goes on to be kept`() throws {
        try with { agent in
            try agent.replaceTopology { $0.replacing("172.17.8.3", with: "172.17.8.2") }
            #expect(agent.hasLogged("invalid-topology", "topology.json:", "[duplicate-address]"))
            #expect(agent.hasLogged("kept", "topology calico-two-hosts"))
            try agent.machine.script("ip route del 172.17.8.3")
            #expect(agent.hasLogged("repaired", "route A/172.17.8.3"))
            try FileManager.default.removeItem(at: agent.file)
            #expect(agent.hasLogged("unreadable-topology", "No such file"))
            try agent.machine.script("ip route del 172.17.8.3")
            #expect(agent.hasLogged("repaired", "route A/172.17.8.3", skipping: 1))
            try Data(TopologyFile("calico-two-hosts").text.utf8).write(to: agent.file)
            #expect(agent.hasLogged("loaded", skipping: 1))
            #expect(agent.lines("invalid-topology").count == 1)
        }
    }

    @Test func `a host that has left the topology is cleared, and comes back with it`() throws {
        let machine = try Machine()
        let before = try machine.dump()
        try with(on: machine) { agent in
            let declared = try machine.dump()
            try agent.replaceTopology { $0.replacing("\"name\": \"A\"", with: "\"name\": \"Z\"") }
            #expect(agent.hasLogged("absent", "no host 'A'"))
            try expectSame(machine.dump(), before)
            #expect(try machine.namespaces.isEmpty)
            try agent.replaceTopology { $0.replacing("\"name\": \"Z\"", with: "\"name\": \"A\"") }
            try expectSame(machine.dump(), declared)
        }
    }

    @Test func `a file that is a link to another, changed by turning the link, is followed`() throws {
        try with { agent in
            let (first, second) = (agent.folder.appending(path: "..1"), agent.folder.appending(path: "..2"))
            for folder in [first, second] {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            }
            let text = try TopologyFile("calico-two-hosts").text
            try Data(text.utf8).write(to: first.appending(path: "topology.json"))
            try Data(text.replacing(Self.secondContainer, with: "").utf8)
                .write(to: second.appending(path: "topology.json"))
            try agent.machine.script(
                """
                cd \(agent.folder.path)
                ln -s ..1 ..data
                ln -s ..data/topology.json new
                mv new topology.json
                """)
            try agent.machine.script("cd \(agent.folder.path); ln -s ..2 ..new; mv -T ..new ..data")
            #expect(agent.hasLogged("applied", "remove", skipping: 1))
            #expect(try agent.machine.namespaces == ["A1"])
        }
    }

    @Test func `SIGHUP reads the file again and says so, SIGUSR1 tells the status, and both go on`() throws {
        try with { agent in
            agent.agent.send(SIGHUP)
            #expect(agent.hasLogged("loaded", skipping: 1))
            agent.agent.send(SIGUSR1)
            #expect(agent.hasLogged("status", "topology calico-two-hosts, as declared"))
            #expect(agent.agent.end(SIGINT) == 0)
        }
    }

    @Test func `observing changes nothing, and tells each difference once`() throws {
        let machine = try Machine()
        let file = TopologyFile("calico-two-hosts").url.path
        #expect(try machine.weft("apply", file, "--host", "A").status == 0)
        try machine.script("ip route del 172.17.9.0/24")
        let before = try machine.dump()
        try with("calico-two-hosts", "--mode", "observe", on: machine) { agent in
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
        try with("calico-two-hosts", "--mode", "observe", on: machine) { agent in
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
        try with { agent in
            let opponent = try agent.machine.start([
                "sh", "-c", "while :; do ip route del 172.17.9.0/24 2>/dev/null; sleep 0.3; done",
            ])
            #expect(agent.hasLogged("contested", "route A/172.17.9.0/24", "duration=2.0s"))
            #expect((6...8).contains(agent.lines("repaired").count))
            // A new topology does not wait for peace.
            try agent.replaceTopology { $0.replacing(Self.secondContainer, with: "") }
            #expect(agent.hasLogged("applied", skipping: 1))
            _ = opponent.end(SIGKILL)
        }
    }

    @Test(arguments: ["rm /run/weft/A.json", "echo damaged > /run/weft/A.json"])
    func `a ledger that is lost or damaged is written anew`(_ command: String) throws {
        try with { agent in
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
        try with { agent in
            let second = try agent.machine.weft("agent", agent.file.path, "--host", "A")
            #expect(second.status == 6)
            #expect(second.errors.contains("A.agent.lock is locked by process \(agent.agent.id) ("))
        }
    }

    @Test func `commands get their turn beside an agent, and it waits for them`() throws {
        try with { agent in
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
        try with { agent in
            let larger = try TopologyFile("calico-two-hosts").text.replacing(Self.secondContainer, with: "")
            let applied = try agent.machine.weft("apply", "-", "--host", "A", "--confirm", "60s", input: larger)
            #expect(applied.status == 0, "\(applied.errors)")
            #expect(agent.hasLogged("waiting", "weft confirm --host A"))
            #expect(try agent.machine.namespaces == ["A1"])
            #expect(try agent.machine.weft("confirm", "--host", "A").status == 0)
            #expect(agent.hasLogged("repaired", "netns A2"))
        }
    }

    @Test func `fragments that are dropped into a directory are containers at once, and go with it`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "weft-agent-\(UUID().uuidString)")
        let fragments = folder.appending(path: "topology.d")
        try FileManager.default.createDirectory(at: fragments, withIntermediateDirectories: true)
        let example = Repository.topologies.appending(path: "calico-fragments")
        for name in try FileManager.default.contentsOfDirectory(atPath: example.path) {
            try Data(contentsOf: example.appending(path: name)).write(to: fragments.appending(path: name))
        }
        defer { try? FileManager.default.removeItem(at: folder) }
        let machine = try Machine()
        let agent = try machine.start([Weft.path, "agent", fragments.path, "--host", "A"])
        #expect(eventually { agent.errors.contains("event=applied") })
        let before = try machine.namespaces
        let file = fragments.appending(path: "dropped.json")
        let text = #"{ "hosts": [{ "name": "A", "containers": [{ "name": "dropped" }] }] }"#
        try Data(text.utf8).write(to: file, options: .atomic)
        #expect(try eventually { try machine.namespaces == (before + ["dropped"]).sorted() }, "\(agent.errors)")
        try FileManager.default.removeItem(at: file)
        #expect(try eventually { try machine.namespaces == before }, "\(agent.errors)")
        #expect(agent.end() == 0)
    }

    @Test func `metrics, health and readiness are served to whoever asks`() throws {
        try with("calico-two-hosts", "--metrics", "127.0.0.1:9586") { agent in
            let ask = { (path: String) in
                try agent.machine.run(
                    "bash", "-c",
                    "exec 3<>/dev/tcp/127.0.0.1/9586; printf 'GET \(path) HTTP/1.1\\r\\n\\r\\n' >&3; cat <&3"
                ).output
            }
            #expect(try ask("/healthz").hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(try eventually { try ask("/readyz").hasSuffix("\r\n\r\nready\n") })
            #expect(try ask("/other").hasPrefix("HTTP/1.1 404 "))
            try agent.machine.script("ip route del 172.17.9.0/24")
            #expect(agent.hasLogged("repaired"))
            try agent.replaceTopology { $0.replacing("172.17.8.3", with: "172.17.8.2") }
            #expect(agent.hasLogged("kept"))
            let lines = try ask("/metrics").split(whereSeparator: \.isNewline)
            for line in [
                "weft_agent_applies_total{result=\"succeeded\"} 2", "weft_agent_repairs_total{kind=\"route\"} 1",
                "weft_agent_drift 0", "weft_agent_topology_valid 0", "weft_agent_invalid_topologies_total 1",
                "weft_agent_apply_duration_seconds_count 2",
            ] {
                #expect(lines.contains(Substring(line)), "\(line)")
            }
        }
    }

    @Test func `who connects and says nothing keeps nobody waiting`() throws {
        try with("calico-two-hosts", "--metrics", "127.0.0.1:9586") { agent in
            let connecting = "exec 3<>/dev/tcp/127.0.0.1/9586; "
            let idlers = try (0..<20).map { _ in try agent.machine.start(["bash", "-c", connecting + "read -u 3"]) }
            let asked = try agent.machine.run(
                "bash", "-c", connecting + "printf 'GET /healthz HTTP/1.1\\r\\n\\r\\n' >&3; cat <&3")
            #expect(asked.output.hasSuffix("ok\n"))
            // They are shown out.
            #expect(eventually { idlers.allSatisfy { !$0.isRunning } })
        }
    }

    @Test(arguments: ["/run/notify", "@weft-notify"])
    func `a service manager is told when the host is ready, that all is well, and of the end`(_ address: String) throws
    {
        let machine = try Machine()
        let manager = try machine.start([
            "python3", "-u", "-c",
            """
            import socket, sys
            address = sys.argv[1]
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
                manager.bind(address.replace("@", "\\0"))
                print("listening", file=sys.stderr)
                while True:
                    print(manager.recv(4096).decode().replace("\\n", " "), file=sys.stderr)
            """, address,
        ])
        #expect(eventually { manager.errors.contains("listening") })
        let environment = ["NOTIFY_SOCKET": address, "WATCHDOG_USEC": "200000"]
        try with(on: machine, environment: environment) { agent in
            #expect(
                eventually { manager.errors.contains("READY=1 STATUS=host A: topology calico-two-hosts, as declared") })
            #expect(eventually { manager.errors.split(separator: "\n").filter { $0 == "WATCHDOG=1" }.count > 3 })
            agent.agent.send(SIGHUP)
            #expect(eventually { manager.errors.contains(#/RELOADING=1 MONOTONIC_USEC=\d+\nREADY=1/#) })
            #expect(agent.agent.end() == 0)
            #expect(eventually { manager.errors.contains("STOPPING=1") })
        }
    }

    @Test func `what was announced to an agent that could not listen is found nevertheless`() throws {
        try with { agent in
            agent.agent.send(SIGSTOP)
            let lines = (0..<20_000).map { "route add 10.\($0 >> 8).\($0 & 255).0/24 dev eth0" }
            try agent.machine.run(
                "ip", "-batch", "-", input: (lines + ["route del 172.17.9.0/24"]).joined(separator: "\n"))
            agent.agent.send(SIGCONT)
            #expect(agent.hasLogged("overrun"))
            #expect(agent.hasLogged("repaired", "route A/172.17.9.0/24"))
        }
    }

    @Test func `it needs no more than contrib/weft-agent@.service grants`() throws {
        let machine = try Machine()
        let agent = try machine.start([
            "setpriv", "--bounding-set=-all,+net_admin,+sys_admin", "--no-new-privs",
            Weft.path, "agent", TopologyFile("calico-egress").url.path, "--host", "A",
        ])
        #expect(eventually { agent.errors.contains("event=applied") }, "\(agent.errors)")
        try machine.script("ip netns del A1; nft delete table inet weft-calico-egress")
        #expect(eventually { agent.errors.contains("object=\"netns A1\"") && agent.errors.contains("object=\"table ") })
        #expect(!agent.errors.contains("event=failed"))
        #expect(agent.end() == 0)
    }

    @Test func `a log in JSON has an object a line`() throws {
        let machine = try Machine()
        // As a run leaves it that died.
        let file = TopologyFile("calico-two-hosts").url.path
        #expect(try machine.weft("apply", file, "--host", "A", "--confirm", "60s").status == 0)
        try machine.script("sed '/\"deadline\"/d' /run/weft/A.journal > /run/journal")
        #expect(try machine.weft("confirm", "--host", "A").status == 0)
        try machine.script("mv /run/journal /run/weft/A.journal; ip route del 172.17.9.0/24")
        let agent = try machine.start([
            Weft.path, "agent", TopologyFile("calico-two-hosts").url.path, "--host", "A", "--log-format", "json",
        ])
        #expect(eventually { agent.errors.contains("\"event\":\"applied\"") }, "\(agent.errors)")
        #expect(agent.end() == 0)
        for line in agent.errors.split(separator: "\n") {
            let entry = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(entry?["host"] as? String == "A")
            #expect(entry?["time"] is String && entry?["level"] is String && entry?["event"] is String)
        }
        #expect(agent.errors.contains("\"event\":\"notice\""))
    }

    @Test func `the agents of a lab's hosts keep their own, and end with the lab`() throws {
        let name = "agents-\(UUID().uuidString.prefix(8))"
        let folder = FileManager.default.temporaryDirectory.appending(path: "weft-\(name)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "topology.json")
        let text = try TopologyFile("calico-two-hosts").text
        try Data(text.utf8).write(to: file)
        #expect(try Weft.run("lab", "up", file.path, "--name", name).status == 0)
        defer { _ = try? Weft.run("lab", "down", name) }
        let agents = try ["A", "B"].map { host in
            try Weft.start("agent", file.path, "--lab", name, "--host", host)
        }
        #expect(eventually { agents.allSatisfy { $0.errors.contains("event=applied") } })
        #expect(try Weft.run("lab", "exec", name, "B", "--", "ip", "route", "del", "172.17.8.0/24").status == 0)
        let isRepaired = eventually { agents[1].errors.contains("event=repaired object=\"route B/172.17.8.0/24\"") }
        #expect(isRepaired, "\(agents[1].errors)")
        // A container of B's: A has nothing to do with it.
        try Data(text.replacing("{ \"name\": \"B2\",", with: "{ \"name\": \"B3\",").utf8).write(
            to: file, options: .atomic)
        #expect(
            eventually { agents[1].errors.contains(#/applied.*applied/#.dotMatchesNewlines()) }, "\(agents[1].errors)")
        #expect(
            try Weft.run("lab", "exec", name, "B", "--", "ip", "-n", "B3", "address").output.contains("172.17.9.3/32"))
        #expect(!agents[0].errors.contains("event=repaired"))
        #expect(try Weft.run("lab", "down", name).status == 0)
        #expect(eventually { agents.allSatisfy { !$0.isRunning } })
    }

    @Test(arguments: [
        (["-", "--host", "A"], "again and again"), (["FILE", "--host", "A", "--interval", "10ms"], "a second or more"),
        (["FILE", "--host", "A", "--metrics", "nowhere"], "ADDRESS:PORT"),
    ])
    func `arguments that make no sense are refused`(_ arguments: [String], _ words: String) throws {
        let file = TopologyFile("calico-two-hosts").url.path
        let finished = try run([Weft.path, "agent"] + arguments.map { $0 == "FILE" ? file : $0 })
        #expect(finished.status == 64)
        #expect(finished.errors.contains(words))
    }

    @Test func `it does not begin with a topology that has mistakes`() throws {
        let file = Repository.tests.appending(path: "CompilerTests/Fixtures/invalid/duplicate-address.json")
        let finished = try Weft.run("agent", file.path, "--host", "A")
        #expect(finished.status == 4)
        #expect(finished.errors.contains("[duplicate-address]"))
    }
}
