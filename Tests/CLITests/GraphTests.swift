import Foundation
import TestSupport
import Testing

struct GraphTests {
    private let file = TopologyFile("calico-two-hosts").url.path

    @Test func `a topology comes as three kinds of picture`() throws {
        #expect(try Weft.run("graph", file).output.hasPrefix("<svg "))
        #expect(try Weft.run("graph", file, "--format", "dot").output.hasPrefix("graph \""))
        #expect(try Weft.run("graph", file, "--format", "mermaid").output.contains("\nflowchart TB\n"))
    }

    @Test func `a way is drawn between two that there are, and others are asked after`() throws {
        let picture = try Weft.run("graph", file, "--path", "A1", "B1")
        #expect(picture.status == 0)
        #expect(picture.output.contains(">there: A1 &gt; A &gt; B &gt; B1</text>"))
        let unknown = try Weft.run("graph", file, "--path", "A1", "B11")
        #expect(unknown.status == 64)
        #expect(unknown.errors.contains("has no container, host or server 'B11': did you mean"))
        #expect(unknown.output.isEmpty)
        #expect(try Weft.run("graph", file, "--path", "A1").status == 64)
        #expect(try Weft.run("graph", "-", input: #"{ "version": 1 }"#).status == 4)
    }

    @Test func `a way that leads nowhere is drawn as far as it goes, and hosts are ends too`() throws {
        let isolated = try Weft.run("graph", TopologyFile("docker-nat").url.path, "--path", "A1", "B1")
        #expect(isolated.status == 0)
        #expect(isolated.output.contains(">lost at A1: A1 has 172.17.0.2 too"), "\(isolated.errors)")
        let fromHost = try Weft.run("graph", file, "--path", "A", "B1")
        #expect(fromHost.output.contains(">there: A &gt; B &gt; B1</text>"), "\(fromHost.errors)")
    }

    @Test func `of several addresses one is chosen`() throws {
        let file = TopologyFile("calico-dual-stack").url.path
        let address = "fd00:17:0:8::2"
        #expect(try Weft.run("graph", file, "--path", "B1", "A1", "--address", address).status == 0)
        #expect(try Weft.run("graph", file, "--path", "A1", "B1", "--address", "10.9.9.9").status == 64)
        #expect(try Weft.run("graph", file, "--address", address).status == 64)
    }
}
