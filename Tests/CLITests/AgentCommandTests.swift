import Foundation
import TestSupport
import Testing

/// `weft agent` on a machine, as a process that follows its topology.
@Suite(.namespaces)
struct AgentCommandTests {
    @Test func `it makes the host as its topology says, and leaves it so at its end`() throws {
        let other = try Machine()
        #expect(try other.weft("apply", TopologyFile("calico-two-hosts").url.path, "--host", "A").status == 0)
        try AgentMachine.with { agent in
            try expectSame(agent.machine.dump(), other.dump())
            #expect(agent.agent.end() == 0)
            try expectSame(agent.machine.dump(), other.dump())
            #expect(agent.hasLogged("stopping"))
        }
    }

    @Test func `containers come and go with the file, and the others do not notice`() throws {
        try AgentMachine.with { agent in
            let neighbour = try agent.machine.dump(netns: "A1")
            try agent.replaceTopology { $0.replacing(AgentMachine.secondContainer, with: "") }
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

    @Test func `a topology with mistakes is told of, and the last good one goes on to be kept`() throws {
        try AgentMachine.with { agent in
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
        try AgentMachine.with(on: machine) { agent in
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
        try AgentMachine.with { agent in
            let (first, second) = (agent.folder.appending(path: "..1"), agent.folder.appending(path: "..2"))
            for folder in [first, second] {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            }
            let text = try TopologyFile("calico-two-hosts").text
            try Data(text.utf8).write(to: first.appending(path: "topology.json"))
            try Data(text.replacing(AgentMachine.secondContainer, with: "").utf8)
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
        try AgentMachine.with { agent in
            agent.agent.send(SIGHUP)
            #expect(agent.hasLogged("loaded", skipping: 1))
            agent.agent.send(SIGUSR1)
            #expect(agent.hasLogged("status", "topology calico-two-hosts, as declared"))
            #expect(agent.agent.end(SIGINT) == 0)
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
