import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

/// `weft trace`, as its user has it.
@Suite(.namespaces)
struct TraceCommandTests {
    private let file = TopologyFile("calico-two-hosts").url.path

    @Test func `a container asks for the address that nobody has, and is answered`() throws {
        let finished = try Weft.run("trace", file, "A1", "B1")
        #expect(finished.status == 0, "\(finished.errors)")
        #expect(finished.lines.first == "A1 asks B1 by icmp: 172.17.8.2 to 172.17.9.2")
        #expect(
            finished.output.contains(
                "eth0: who has 169.254.1.1? A:veth1 says ee:ee:ee:ee:ee:ee, though A has no such address: proxy ARP"))
        #expect(finished.output.contains("172.17.9.0/24 via 192.168.100.101 dev eth0 proto bird onlink"))
        #expect(finished.lines.last?.hasPrefix("answered after ") == true)
    }

    @Test func `the JSON has the same story, by every protocol`() throws {
        let texts = try ["icmp", "tcp", "udp"].map { means in
            let finished = try Weft.run("trace", file, "B2", "A", "--protocol", means, "--json")
            #expect(finished.status == 0, "\(finished.errors)")
            return finished.output
        }
        let schema = Repository.root.appending(path: "schema/trace.schema.json")
        #expect(try SchemaValidation.verdicts(on: texts, schema: schema) == ["accepted", "accepted", "accepted"])
        let story = try JSON(parsing: texts[1])
        #expect(story["outcome"]?["answered"]?.bool == true)
        #expect(story["question"]?["destination"]?.string == "192.168.100.100")
        let formatted = try Weft.run("trace", file, "B2", "A", "--protocol", "tcp", "--format", "json")
        #expect(try JSON(parsing: formatted.output)["steps"]?.array?.count == story["steps"]?.array?.count)
    }

    @Test(.tshark) func `what was seen is written for Wireshark`() throws {
        let folder = try TemporaryFolder()
        let capture = folder.file("story.pcapng")
        let finished = try Weft.run("trace", file, "A1", "B1", "-w", capture.path)
        #expect(finished.status == 0, "\(finished.errors)")
        let rows = try Tshark.read(capture, ["frame.interface_name", "arp.dst.proto_ipv4", "icmp.type"])
        #expect(rows.contains(["A1:eth0", "169.254.1.1", ""]))
        #expect(rows.contains(["B1:eth0", "", "8"]))
        let unwritable = try Weft.run("trace", file, "A1", "B1", "-w", folder.file("none/story").path)
        #expect(unwritable.status == 1)
        #expect(unwritable.output.isEmpty)
    }

    @Test func `in a lab that is up nothing is changed, and a loss says where and why`() throws {
        let lab = "trace-\(UUID().uuidString.prefix(8))"
        #expect(try Weft.run("lab", "up", file, "--name", lab).status == 0)
        defer { _ = try? Weft.run("lab", "down", lab) }
        let before = try Weft.run("lab", "exec", lab, "A1", "--", "ping", "-c", "1", "172.17.9.2")
        #expect(before.status == 0)
        let known = try Weft.run("trace", file, "A1", "B1", "--lab", lab)
        #expect(known.status == 0, "\(known.errors)")
        #expect(!known.output.contains("who has 169.254.1.1?"))
        #expect(try Weft.run("lab", "exec", lab, "B", "--", "ip", "route", "del", "172.17.9.2").status == 0)
        let lost = try Weft.run("trace", file, "A1", "B1", "--lab", lab)
        #expect(lost.status == 1)
        #expect(lost.output.contains("last seen at B:eth0, incoming"), "\(lost.output)")
        #expect(lost.output.contains("route B/172.17.9.2 is missing"), "\(lost.output)")
        #expect(lost.output.contains("put right by: ip route add 172.17.9.2 dev veth1 scope link"), "\(lost.output)")
    }

    /// Everything arrives: only the way tells that something is wrong.
    @Test func `what is answered by a detour fails, and is told where it left the expected way`() throws {
        let file = Repository.topologies.appending(path: "sabotaged/wrong-host.json").path
        let lab = "trace-\(UUID().uuidString.prefix(8))"
        #expect(try Weft.run("lab", "up", file, "--name", lab).status == 0)
        defer { _ = try? Weft.run("lab", "down", lab) }
        let whole = try JSON(parsing: Weft.run("trace", file, "A1", "B1", "--lab", lab, "--json").output)
        #expect(whole["way"]?["asExpected"]?.bool == true)
        #expect(whole["way"]?["expected"]?["there"] == ["A1", "A", "B", "B1"])
        #expect(whole["way"]?["expected"]?["there"] == whole["way"]?["seen"]?["there"])
        #expect(whole["way"]?["expected"]?["back"] == whole["way"]?["seen"]?["back"])
        let detour = "ip route replace 172.17.9.0/24 via 192.168.100.102 dev eth0 proto bird onlink"
        #expect(try Weft.run("lab", "exec", lab, "A", "--", "sh", "-c", detour).status == 0)
        let told = try Weft.run("trace", file, "A1", "B1", "--lab", lab)
        #expect(told.status == 1, "\(told.errors)")
        for words in [
            "\nnot the expected way: from A the question came to C, and should have come to B\n",
            "  route A/172.17.9.0/24 is not as planned: via 192.168.100.102 -> 192.168.100.101\n    put right by: ip route ",
            "\nanswered after ",
        ] { #expect(told.output.contains(words), "\(words) in:\n\(told.output)") }
        let finished = try Weft.run("trace", file, "A1", "B1", "--lab", lab, "--json", "--protocol", "tcp")
        #expect(finished.status == 1, "\(finished.errors)")
        let way = try #require(JSON(parsing: finished.output)["way"])
        let departure: [String: JSON] = ["leg": "there", "after": "A", "expected": "B", "seen": "C"]
        #expect(way["departures"] == [.object(departure)])
        #expect(way["seen"]?["there"] == ["A1", "A", "C", "B", "B1"])
        let schema = Repository.root.appending(path: "schema/trace.schema.json")
        #expect(try SchemaValidation.verdicts(on: [finished.output], schema: schema) == ["accepted"])
    }

    @Test(arguments: [
        (["A1", "server"], "has no container, host or server 'server': did you mean 'serves'?"),
        (["A1", "B9"], "has no container, host or server 'B9': it has A1, B1, serves, A, B"),
        (["A1", "A1"], "FROM and TO are both 'A1'"),
        (["A1", "B1", "--address", "10.0.0.1"], "'B1' has not the address 10.0.0.1"),
        (["A1", "B1", "--address", "here"], "--address takes an IP address, not 'here'"),
        (["A1", "B1", "--protocol", "sctp"], "sctp"),
    ])
    func `what cannot be asked is said before anything is built`(_ arguments: [String], _ complaint: String) throws {
        let finished = try TestSupport.run([Weft.path, "trace", "-"] + arguments, input: Self.named)
        #expect(finished.status == 64)
        #expect(finished.errors.contains(complaint), "\(finished.errors)")
    }

    private static let named = """
        { "version": 1, "name": "named", "network": { "profile": "calico" },
          "segments": [{ "name": "lan", "subnet": "192.168.100.0/24" }],
          "hosts": [
            { "name": "A", "links": [{ "segment": "lan" }], "subnet": "172.17.8.0/24", "containers": [
              { "name": "A1" }] },
            { "name": "B", "links": [{ "segment": "lan" }], "subnet": "172.17.9.0/24", "containers": [
              { "name": "B1" }, { "name": "serves" }] }] }
        """

    @Test func `a topology with mistakes is not traced`() throws {
        #expect(try Weft.run("trace", "-", "A1", "B1", input: "{}").status == 4)
    }
}
