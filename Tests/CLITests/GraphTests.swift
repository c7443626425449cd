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
        #expect(unknown.errors.contains("has no container or server 'B11': did you mean"))
        #expect(unknown.output.isEmpty)
        #expect(try Weft.run("graph", file, "--path", "A1").status == 64)
        #expect(try Weft.run("graph", "-", input: #"{ "version": 1 }"#).status == 4)
        let isolated = TopologyFile("docker-nat").url.path
        #expect(try Weft.run("graph", isolated, "--path", "A1", "B1").status == 1)
    }
}
