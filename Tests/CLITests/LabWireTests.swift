import Applier
import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

/// What becomes of a lab's wires, through the command line alone.
@Suite(.namespaces)
struct LabWireTests {
    private let file = TopologyFile("calico-two-hosts").url.path

    private func withLab(_ body: (String) throws -> Void) throws {
        let name = "wires-\(UUID().uuidString.prefix(8))"
        let up = try Weft.run("lab", "up", file, "--name", name)
        try #require(up.status == 0, "\(up.errors)")
        defer { _ = try? Weft.run("lab", "down", name) }
        try body(name)
    }

    private func reaches(_ lab: String, _ address: String = "172.17.9.2") throws -> Bool {
        try Weft.run("lab", "exec", lab, "A1", "--", "ping", "-c", "1", "-W", "1", address).status == 0
    }

    /// What status says of a link: `A:eth0`.
    private func state(of link: String, in lab: String) throws -> String {
        let status = try Weft.run("lab", "status", lab)
        return status.lines.first { $0.hasPrefix("\(link) ") } ?? "no such link:\n\(status.output)\(status.errors)"
    }

    @Test(.needs(.tbf), .needs(.randomDrop))
    func `a wire that loses all is told of, survives an apply, and is whole when it is cleared`() throws {
        try withLab { lab in
            #expect(try reaches(lab))
            let impaired = try Weft.run("lab", "impair", lab, "A--lan", "--loss", "100%", "--rate", "10mbit")
            #expect(impaired.status == 0, "\(impaired.errors)")
            let words = "up, loss 100% rate 10Mbit"
            #expect(impaired.lines == ["A:eth0  \(words)", "lan:A.eth0  \(words)"])
            #expect(try !reaches(lab))
            #expect(try reaches(lab, "172.17.8.3"))
            #expect(try Weft.run("lab", "apply", lab, TopologyFile("flannel-host-gw").url.path).status == 0)
            for link in ["A:eth0", "lan:A.eth0"] { #expect(try state(of: link, in: lab).hasSuffix(words)) }
            #expect(try Weft.run("lab", "apply", lab, file).status == 0)
            #expect(try Weft.run("lab", "impair", lab, "A:eth0", "--clear").lines == ["A:eth0  up", "lan:A.eth0  up"])
            #expect(try eventually { try reaches(lab) })
        }
    }

    @Test(arguments: [
        ("A--lan", "A:eth0", "no carrier"), ("A:eth0", "A:eth0", "down"), ("A--A1", "A:veth1", "down"),
    ])
    func `a wire that is set down stays so, is no drift, and comes back`(
        _ wire: String, _ link: String, _ state: String
    ) throws {
        try withLab { lab in
            #expect(try Weft.run("lab", "impair", lab, wire, "--down").status == 0)
            #expect(try !reaches(lab))
            let told = try self.state(of: link, in: lab)
            #expect(told.hasSuffix(state), "\(told)")
            #expect(try Weft.run("plan", file, "--lab", lab, "--host", "A", "--exit-code").status == 0)
            #expect(try Weft.run("lab", "status", lab, "--exit-code").status == 0)
            #expect(try Weft.run("apply", file, "--lab", lab, "--host", "A").status == 0)
            #expect(try Weft.run("lab", "apply", lab, file).status == 0)
            #expect(try !reaches(lab))
            let up = try Weft.run("lab", "impair", lab, wire, "--up")
            #expect(up.status == 0, "\(up.errors)")
            #expect(try eventually { try reaches(lab) })
            #expect(try Weft.run("lab", "status", lab, "--exit-code").status == 0)
        }
    }

    @Test func `an agent leaves a link down that was set down on purpose, and mends all else`() throws {
        try withLab { lab in
            let agent = try Weft.start("agent", file, "--lab", lab, "--host", "A", "--interval", "1s")
            func script(_ words: String...) throws {
                let finished = try run([Weft.path, "lab", "exec", lab, "A", "--"] + words)
                try #require(finished.status == 0, "\(finished.errors)")
            }
            func repairs(_ object: String) -> Int {
                agent.errors.split(separator: "\n").filter {
                    $0.contains("event=repaired") && $0.contains("object=\"\(object)\"")
                }.count
            }
            try #require(eventually(within: 20) { agent.errors.contains("event=applied") }, "\(agent.errors)")
            for end in ["A:eth0", "A:veth1"] {
                #expect(try Weft.run("lab", "impair", lab, end, "--down").status == 0)
            }
            // The agent has seen that once it has repaired what came after, and looked again for its interval's sake.
            try script("ip", "route", "delete", "172.17.8.3")
            #expect(eventually { repairs("route A/172.17.8.3") == 1 }, "\(agent.errors)")
            try script("ip", "link", "set", "veth2", "down")
            #expect(eventually { repairs("link A/veth2") == 1 }, "\(agent.errors)")
            for end in ["A:eth0", "A:veth1"] { #expect(try state(of: end, in: lab).hasSuffix("down")) }
            #expect(repairs("link A/eth0") + repairs("link A/veth1") == 0, "\(agent.errors)")
            for end in ["A:eth0", "A:veth1"] {
                let up = try Weft.run("lab", "impair", lab, end, "--up")
                #expect(up.status == 0, "\(up.errors)")
            }
            #expect(try eventually { try reaches(lab) })
            #expect(agent.end() == 0)
        }
    }

    /// Each is a process that reads what is down and writes it anew, and when they come back applies what belongs there.
    @Test func `wires that are set down at the same time all stay down, and all come back at the same time`() throws {
        try withLab { lab in
            let ends = ["A:eth0", "A:veth1", "A:veth2", "B:eth0", "B:veth1", "B:veth2"]
            func all(_ option: String) throws {
                let orders = ends.map { "'\(Weft.path)' lab impair \(lab) \($0) \(option) & " }
                let finished = try run(["bash", "-c", orders.joined() + "wait"])
                #expect(finished.errors.isEmpty, "\(finished.errors)")
            }
            try all("--down")
            #expect(try Weft.run("lab", "apply", lab, file).status == 0)
            for end in ends { #expect(try state(of: end, in: lab).hasSuffix("down"), "\(end)") }
            try all("--up")
            #expect(try eventually { try reaches(lab) })
            #expect(try Weft.run("lab", "status", lab, "--exit-code").status == 0)
        }
    }

    /// By hand: no event of the topology has done it.
    @Test func `a trace that a wire loses names the wire, and what undoes it`() throws {
        try withLab { lab in
            #expect(try Weft.run("lab", "impair", lab, "B--lan", "--down").status == 0)
            let lost = try Weft.run("trace", file, "A1", "B1", "--lab", lab)
            #expect(lost.status == 1, "\(lost.errors)")
            let reasons = lost.lines.drop { !$0.hasPrefix("not answered") }.dropFirst()
            #expect(
                reasons.prefix(2) == [
                    "  wire B--lan is down at lan:B.eth0, by hand",
                    "    put right by: weft lab impair LAB lan:B.eth0 --up",
                ], "\(lost.output)")
        }
    }

    @Test func `what somebody has changed by hand is drift, host by host`() throws {
        try withLab { lab in
            #expect(try Weft.run("lab", "exec", lab, "A", "--", "ip", "route", "del", "172.17.9.0/24").status == 0)
            let status = try Weft.run("lab", "status", lab, "--exit-code")
            #expect(status.status == 2)
            #expect(status.lines.contains { $0.hasPrefix("A ") && $0.hasSuffix("1 change pending") })
            #expect(status.lines.contains { $0.hasPrefix("B ") && $0.hasSuffix("as declared") })
            #expect(try Weft.run("destroy", "--lab", lab, "--host", "B").status == 0)
            let json = try JSON(parsing: Weft.run("lab", "status", lab, "--format", "json").output)
            let nodes = try #require(json["nodes"]?.array)
            let hosts = nodes.filter { $0["kind"] == "host" }
            #expect(hosts.map { $0["drift"] } == [1, .null])
            let uplink = nodes.first { $0["name"] == "A" }?["links"]?.array?.first { $0["name"] == "eth0" }
            let expected: [String: JSON] = [
                "name": "eth0", "kind": "veth", "up": true, "carrier": true, "peer": "lan:A.eth0",
            ]
            #expect(uplink == .object(expected))
        }
    }

    @Test(arguments: [
        (
            ["A--B", "--down"],
            "there is no wire between A and B: A has A--lan (A:eth0), A1--A (A:veth1), A2--A (A:veth2)"
        ),
        (["A:eth7", "--down"], "A has no wire at eth7: A has A--lan (A:eth0)"),
        (["A9:eth0", "--down"], "ends at 'A9': it has A, A1"),
        (["A1--lam", "--clear"], "ends at 'lam': did you mean 'lan'?"),
        (["A", "--clear"], "'A' names no wire: name its ends, as A--B"),
        (["A--lan"], "nothing to do"), (["A--lan", "--loss", "0%"], "that impairs nothing"),
        (["A--lan", "--loss", "120%"], "--loss"), (["A--lan", "--rate", "10"], "--rate"),
        (["A--lan", "--up", "--down"], "either --down or --up"),
        (["A--lan", "--clear", "--delay", "1ms"], "--clear takes away"),
    ])
    func `an order that makes no sense is refused with its reason`(_ order: [String], _ words: String) throws {
        try withLab { lab in
            let finished = try run([Weft.path, "lab", "impair", lab] + order)
            #expect(finished.status == 64)
            #expect(finished.errors.contains(words), "\(finished.errors)")
        }
    }

    @Test(.enabled(if: !ThisKernel.has(.netem), "this kernel has netem"))
    func `a delay without netem is a lack, and impairs nothing`() throws {
        try withLab { lab in
            let finished = try Weft.run("lab", "impair", lab, "A--lan", "--delay", "20ms", "--loss", "10%")
            #expect(finished.status == 10)
            #expect(finished.errors.contains("this kernel has no netem"), "\(finished.errors)")
            #expect(finished.errors.contains("way out: as root: modprobe sch_netem"), "\(finished.errors)")
            #expect(try state(of: "A:eth0", in: lab).hasSuffix("up"))
        }
    }

    @Test func `a shell without a terminal takes commands from its input, and knows where it is`() throws {
        try withLab { lab in
            let script = "echo $WEFT_LAB $WEFT_NODE; ip -br link show eth0 | cut -d@ -f1; exit 3\n"
            for shell in ["/bin/sh", "/bin/bash"] {
                let finished = try run(
                    [Weft.path, "lab", "shell", lab, "A1"], input: script, environment: ["SHELL": shell])
                #expect(finished.lines == ["\(lab) A1", "eth0"], "\(finished.errors)")
                #expect(finished.status == 3)
            }
        }
    }

    @Test(arguments: ["/bin/sh", "/bin/bash"])
    func `a shell's prompt tells where it is`(_ shell: String) throws {
        try withLab { lab in
            // The prompt goes where errors go, and only a shell that thinks it is at a terminal prints one.
            let finished = try run(
                ["script", "-qec", "\(Weft.path) lab shell \(lab) A1", "/dev/null"], input: "exit\n",
                environment: ["SHELL": shell])
            #expect(finished.output.contains("(\(lab) A1) "), "\(finished.output)")
        }
    }
}
