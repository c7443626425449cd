import Foundation
import TestSupport
import Testing

/// `weft agent` as a service: who asks it, who is told by it, and what it may.
@Suite(.namespaces)
struct AgentServiceTests {
    @Test func `metrics, health and readiness are served to whoever asks`() throws {
        try AgentMachine.with("calico-two-hosts", "--metrics", "127.0.0.1:9586") { agent in
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
        try AgentMachine.with("calico-two-hosts", "--metrics", "127.0.0.1:9586") { agent in
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
        try AgentMachine.with(on: machine, environment: environment) { agent in
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
        try AgentMachine.with { agent in
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
}
