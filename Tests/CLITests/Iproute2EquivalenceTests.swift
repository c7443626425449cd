import Foundation
import TestSupport
import Testing

/// The commands that plans are shown as, run by the real tools.
@Suite(.namespaces)
struct Iproute2EquivalenceTests {
    @Test(arguments: TopologyFile.runnableHere)
    func `every topology's printed commands give the state that the applier gives`(_ file: TopologyFile) throws {
        let host = try #require(try Weft.run("compile", file.url.path).lines.first?.dropFirst("host ".count))
        let (byHand, applied) = (try Machine(), try Machine())
        let script = try Weft.run("compile", file.url.path, "--host", String(host), "--format", "ip")
        try byHand.script(script.output)
        let finished = try applied.weft("apply", file.url.path, "--host", String(host))
        try #require(finished.status == 0, "\(finished.errors)")

        let namespaces = try applied.namespaces
        #expect(try byHand.namespaces == namespaces)
        try expectSame(byHand.dump(), applied.dump())
        for netns in namespaces {
            try expectSame(byHand.dump(netns: netns), applied.dump(netns: netns))
        }
    }

    @Test(arguments: TopologyFile.runnableHere)
    func `every topology's printed removal leaves what destroy leaves`(_ file: TopologyFile) throws {
        let host = try #require(try Weft.run("compile", file.url.path).lines.first?.dropFirst("host ".count))
        let machine = try Machine()
        let before = try machine.dump()
        #expect(try machine.weft("apply", file.url.path, "--host", String(host)).status == 0)
        let undo = try machine.weft("plan", "-", "--host", String(host), "--format", "ip", input: try emptied(file))
        try machine.script(undo.output)
        try expectSame(machine.dump(), before)
        #expect(try machine.namespaces.isEmpty)
    }

    /// The same network before anybody moved in: no containers, no blocks.
    private func emptied(_ file: TopologyFile) throws -> String {
        var document = try #require(
            try JSONSerialization.jsonObject(with: Data(file.text.utf8)) as? [String: Any])
        document["network"] = ["profile": "calico"]
        document["expect"] = nil
        document["events"] = nil
        let hosts = try #require(document["hosts"] as? [[String: Any]])
        document["hosts"] = hosts.map { $0.filter { $0.key == "name" || $0.key == "links" } }
        return String(decoding: try JSONSerialization.data(withJSONObject: document), as: UTF8.self)
    }
}
