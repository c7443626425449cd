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

    @Test(arguments: [
        ("lost-pairs", 0), ("gained-pairs,nodes", 0), ("changed-pairs", 1), ("lost-pairs,hosts", 1), ("settings", 1),
    ])
    func `what a pipeline minds fails, and nothing else does`(_ matters: String, _ status: Int32) throws {
        let finished = try Weft.run("diff", two, vxlan, "--fail-on", matters)
        #expect(finished.status == status)
        #expect(finished.output.hasSuffix("12 changed.\n"))
        let last = try #require(matters.split(separator: ",").last)
        #expect(finished.errors == (status == 0 ? "" : "weft: there are \(last), which --fail-on names\n"))
        #expect(try Weft.run("diff", two, two, "--fail-on", matters).status == 0)
    }

    @Test func `what cannot differ cannot be minded`() throws {
        let finished = try Weft.run("diff", two, vxlan, "--fail-on", "lost-pairs,paris")
        #expect(finished.status == 64)
        #expect(finished.errors.contains("'lost-pairs,paris'") && finished.errors.contains("- changed-pairs\n"))
    }

    @Test func `one comparison comes in three formats`() throws {
        let text = try Weft.run("diff", two, vxlan).output
        #expect(text.hasSuffix("Diff: 2 hosts change, 0 do not; 0 pairs lost, 0 gained, 12 changed.\n"))
        let markdown = try Weft.run("diff", two, vxlan, "--format", "markdown").output
        #expect(markdown.contains("**Diff: 2 hosts change, 0 do not; 0 pairs lost, 0 gained, 12 changed.**"))
        let json = try JSON(parsing: Weft.run("diff", two, vxlan, "--format", "json").output)
        #expect(json["summary"]?["pairsChanged"] == 12)
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
