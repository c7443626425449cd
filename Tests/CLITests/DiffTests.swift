import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

struct DiffTests {
    private let two = TopologyFile("calico-two-hosts").url.path
    private let vxlan = TopologyFile("calico-vxlan").url.path

    @Test func `a difference is exit code 2, none is 0, and a mistake in either is 4`() throws {
        #expect(try Weft.run("diff", two, two).status == 0)
        #expect(try Weft.run("diff", two, vxlan).status == 2)
        let invalid = try Weft.run("diff", two, "-", input: #"{ "version": 1 }"#)
        #expect(invalid.status == 4)
        #expect(invalid.errors.contains("<stdin>:1:1: error: the key 'hosts' is missing"))
        #expect(invalid.output.isEmpty)
        #expect(try Weft.run("diff", "-", "-").status == 64)
    }

    @Test func `one comparison comes in three formats`() throws {
        let text = try Weft.run("diff", two, vxlan).output
        #expect(text.hasSuffix("Diff: 2 hosts change, 0 do not; 0 pairs lost, 0 gained, 8 changed.\n"))
        let markdown = try Weft.run("diff", two, vxlan, "--format", "markdown").output
        #expect(markdown.contains("**Diff: 2 hosts change, 0 do not; 0 pairs lost, 0 gained, 8 changed.**"))
        let json = try JSON(parsing: Weft.run("diff", two, vxlan, "--format", "json").output)
        #expect(json["summary"]?["pairsChanged"] == 8)
    }
}

extension DiffTests {
    @Test func `the document's example is what is printed`() throws {
        let topology = Repository.topologies.appending(path: "calico-fragments").path
        let script =
            #"cd "$(mktemp -d)"; trap 'rm -r "$PWD"' EXIT; mkdir old; cp "$1"/[12]*.json old; cp -r "$1" topology; "$0" diff old topology"#
        let lines = try run(["sh", "-c", script, Weft.path, topology]).lines
        let document = try String(contentsOf: Repository.root.appending(path: "docs/diff.md"), encoding: .utf8)
        let example = try #require(document.firstMatch(of: /```\n((?s:.*?))```/)?.1).split(separator: "\n")
        #expect(example.count > 8)
        for line in example where !line.contains("…") {
            let words = line.split(separator: " ")
            #expect(lines.contains { $0.split(separator: " ") == words }, "\(line)")
        }
    }
}
