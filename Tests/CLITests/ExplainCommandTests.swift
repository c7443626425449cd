import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

/// `weft explain`, as its user has it.
@Suite(.namespaces)
struct ExplainCommandTests {
    private let file = TopologyFile("calico-vxlan").url.path

    @Test func `what the plan would do is told without a packet`() throws {
        let finished = try Weft.run("explain", file, "A1", "B1")
        #expect(finished.status == 0, "\(finished.errors)")
        #expect(finished.lines.first == "A1 asks B1 by icmp: 172.17.8.2 to 172.17.9.2")
        #expect(finished.output.contains("dev vxlan.calico dst 192.168.100.101 self permanent"))
        #expect(finished.lines.last == "answered")
    }

    @Test func `a packet that does not fit is told how much would`() throws {
        let finished = try Weft.run("explain", file, "A1", "B1", "--length", "1451")
        #expect(finished.status == 1)
        #expect(
            finished.output.contains("too big: 1451 bytes do not fit into A1:eth0, and 1450 do"), "\(finished.output)")
    }

    @Test func `nobody is explained who is not there`() throws {
        let finished = try Weft.run("explain", file, "A1", "B9")
        #expect(finished.status == 64)
        #expect(finished.errors.contains("no container, host or server 'B9'"), "\(finished.errors)")
    }

    @Test func `the JSON has the same story, from the plan and from the kernels`() throws {
        let lab = "explain-\(UUID().uuidString.prefix(8))"
        #expect(try Weft.run("lab", "up", file, "--name", lab).status == 0)
        defer { _ = try? Weft.run("lab", "down", lab) }
        let script = "ip link set eth0 mtu 1400"
        #expect(try Weft.run("lab", "exec", lab, "B", "--", "sh", "-c", script).status == 0)
        let stories = [
            try Weft.run("explain", file, "A1", "B1", "--json"),
            try Weft.run("explain", file, "A1", "B1", "--live", lab, "--format", "json"),
            try Weft.run("explain", file, "A1", "B1", "--length", "2000", "--json"),
        ]
        #expect(stories.map(\.status) == [0, 0, 1])
        let schema = Repository.root.appending(path: "schema/trace.schema.json")
        #expect(
            try SchemaValidation.verdicts(on: stories.map(\.output), schema: schema)
                == ["accepted", "accepted", "accepted"])
        let live = try JSON(parsing: stories[1].output)
        #expect(live["way"]?["asExpected"]?.bool == true)
        #expect(live["way"]?["reasons"]?.array?.first?["node"]?.string == "B")
        let unplanned = live["steps"]?.array?.filter { $0["planned"]?.bool == false } ?? []
        #expect(Set(unplanned.compactMap { $0["link"]?.string }) == ["eth0"])
    }

    @Test func `what departs from the plan is told though the packet arrives`() throws {
        let file = Repository.topologies.appending(path: "sabotaged/wrong-host.json").path
        let lab = "explain-\(UUID().uuidString.prefix(8))"
        #expect(try Weft.run("lab", "up", file, "--name", lab).status == 0)
        defer { _ = try? Weft.run("lab", "down", lab) }
        let detour = "ip route replace 172.17.9.0/24 via 192.168.100.102 dev eth0 proto bird onlink"
        #expect(try Weft.run("lab", "exec", lab, "A", "--", "sh", "-c", detour).status == 0)
        let explained = try Weft.run("explain", file, "A1", "B1", "--live", lab)
        #expect(explained.status == 1, "\(explained.errors)")
        #expect(explained.output.contains("dev eth0 proto bird onlink  (not as planned)"), "\(explained.output)")
        #expect(
            explained.output.contains(
                "not the expected way: from A the question came to C, and should have come to B"),
            "\(explained.output)")
        #expect(explained.output.contains("via 192.168.100.102 -> 192.168.100.101"), "\(explained.output)")
        #expect(explained.lines.last == "answered")
        let byHost = try Weft.run("explain", file, "A1", "B1", "--live", lab, "--host", "A")
        #expect(withoutNeighbours(byHost) == withoutNeighbours(explained), "\(byHost.output)\(byHost.errors)")
        let byAnother = try Weft.run("explain", file, "A1", "B1", "--live", lab, "--host", "B")
        #expect(byAnother.status == 0, "\(byAnother.output)\(byAnother.errors)")
    }

    /// On a busy machine a lab fills in its hosts' neighbours, and where one is looked at alone, others ask for theirs.
    private func withoutNeighbours(_ explained: Finished) -> [Substring] {
        explained.output.split(separator: "\n").filter { line in
            !["        neigh ", "        arp "].contains { line.hasPrefix($0) }
        }
    }

    @Test func `a lab is explained as it is at present, with what is not as planned`() throws {
        let lab = "explain-\(UUID().uuidString.prefix(8))"
        #expect(try Weft.run("lab", "up", file, "--name", lab).status == 0)
        defer { _ = try? Weft.run("lab", "down", lab) }
        let sound = try Weft.run("explain", file, "A1", "B1", "--live", lab)
        #expect(sound.status == 0, "\(sound.output)\(sound.errors)")
        let script = "ip neighbour delete 172.17.9.0 dev vxlan.calico"
        #expect(try Weft.run("lab", "exec", lab, "A", "--", "sh", "-c", script).status == 0)
        let broken = try Weft.run("explain", file, "A1", "B1", "--live", lab)
        #expect(broken.status == 1, "\(broken.output)\(broken.errors)")
        #expect(broken.output.contains("neighbour A/172.17.9.0 dev vxlan.calico is missing"), "\(broken.output)")
        #expect(broken.output.contains("put right by: ip neighbour replace 172.17.9.0 dev vxlan.calico"))
    }

    @Test func `a machine is explained as it is at present, among others as planned`() throws {
        let machine = try Machine()
        let explain = [Weft.path, "explain", file, "A1", "B1", "--host", "A"]
        let bare = try machine.run(explain)
        #expect(bare.status == 1, "\(bare.errors)")
        #expect(try machine.run(Weft.path, "apply", file, "--host", "A").status == 0)
        let sound = try machine.run(explain)
        #expect(sound.status == 0, "\(sound.output)\(sound.errors)")
        #expect(sound.lines.last == "answered" && !sound.output.contains("as planned"), "\(sound.output)")
        try machine.run("ip", "route", "add", "unreachable", "172.17.9.2")
        let broken = try machine.run(explain)
        #expect(broken.status == 1)
        #expect(broken.output.contains("route A/172.17.9.2 is there, and not planned"), "\(broken.output)")
    }
}
