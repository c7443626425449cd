import Foundation
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
}
