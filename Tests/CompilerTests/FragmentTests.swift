import Compiler
import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

/// Topologies that several files make up.
struct FragmentTests {
    private func source(_ texts: String...) -> SourceText {
        SourceText(
            name: "d",
            files: texts.enumerated().map { SourceFile(name: "d/\($0).json", bytes: Array($1.utf8)) })
    }

    private func merged(_ texts: String...) throws -> JSON {
        let files = texts.enumerated().map { SourceFile(name: "d/\($0).json", bytes: Array($1.utf8)) }
        return try JSON(parsing: SourceText(name: "d", files: files).text)
    }

    /// Each host of a topology, and then each of its containers that has a name of its own, put into a file of its own.
    private func fragments(of text: String) throws -> [String] {
        var whole = try #require(try JSON(parsing: text).object)
        var texts: [String] = []
        let hosts = whole.removeValue(forKey: "hosts")?.array ?? []
        for host in hosts {
            var members = try #require(host.object)
            let containers = members["containers"]?.array
            if containers != nil { members["containers"] = [] }
            texts.append(JSON.object(["hosts": [.object(members)]]).text)
            for container in containers ?? [] {
                let part: JSON = .members(["name": members["name"], "containers": [container]])
                texts.append(JSON.object(["version": 1, "hosts": [part]]).text)
            }
        }
        return [JSON.object(whole).text] + texts
    }

    @Test(arguments: TopologyFile.all)
    func `a topology cut into a file for each host and container is the same topology`(_ file: TopologyFile) throws {
        let texts = try fragments(of: file.text)
        let cut = SourceText(
            name: file.name,
            files: texts.enumerated().map { SourceFile(name: "\($0).json", bytes: Array($1.utf8)) })
        let (whole, parts) = (try load(file.source), try load(cut))
        #expect(texts.count > 1)
        #expect(whole.hosts.map(\.name) == parts.hosts.map(\.name))
        for index in whole.hosts.indices.prefix(3) {
            expectSameLines(
                CompiledHost(parts, host: index, source: nil).offlinePlan.json.text,
                CompiledHost(whole, host: index, source: nil).offlinePlan.json.text)
        }
    }

    @Test func `objects merge key by key, named elements by name, and other lists one behind the other`() throws {
        let json = try merged(
            #"{ "a": { "x": 1 }, "l": [{ "name": "n", "k": [1] }, { "name": "m" }], "v": ["p", "q"] }"#,
            #"{ "a": { "y": 2 }, "l": [{ "name": "o" }, { "name": "n", "k": [2], "j": 3 }], "v": ["r", "p"] }"#)
        let expected = """
            { "a": { "x": 1, "y": 2 }, "v": ["p", "q", "r"],
              "l": [{ "name": "n", "k": [1, 2], "j": 3 }, { "name": "m" }, { "name": "o" }] }
            """
        #expect(try json == JSON(parsing: expected))
    }

    @Test func `events of several files all happen, one after the other, however alike they are`() throws {
        let json = try merged(
            #"{ "events": [{ "name": "cut", "down": "A:eth0" }, { "up": "A:eth0" }] }"#,
            #"{ "events": [{ "name": "cut", "down": "A:eth0" }, { "up": "A:eth0" }] }"#)
        let one = #"{ "name": "cut", "down": "A:eth0" }, { "up": "A:eth0" }"#
        #expect(try json == JSON(parsing: #"{ "events": [\#(one), \#(one)] }"#))
    }

    @Test func `what one file has twice stays a mistake`() throws {
        let twice = #""hosts": [{ "name": "A" }, { "name": "A" }]"#
        let source = source(#"{ "version": 1, \#(twice) }"#, #"{ "hosts": [{ "name": "A", "containers": 0 }] }"#)
        #expect(diagnostics(of: source).all.map(\.code) == [.nameClash])
    }

    @Test func `the first file's words for people count, and none contradicts another`() throws {
        let json = try merged(
            #"{ "description": "one", "$schema": "a" }"#, #"{ "description": "two", "$schema": "b" }"#)
        #expect(json == .object(["description": "one", "$schema": "a"]))
    }

    @Test func `a file that is not JSON is told by its own name, and so is every other`() {
        let source = source(#"{ "version": 1 }"#, "{ nonsense", "", #"{ "a": 1, "a": 1 }"#)
        let text = diagnostics(of: source).rendered(in: source, colour: false)
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("d/") }
        #expect(lines.map { $0.prefix { $0 != " " } } == ["d/1.json:1:3:", "d/2.json:1:1:", "d/3.json:1:11:"])
    }

    @Test func `what is missing from the whole is told in the first file`() {
        let source = source(#"{ "name": "x" }"#, #"{ "version": 1 }"#)
        let found = diagnostics(of: source)
        #expect(found.all.map(\.code) == [.missingKey])
        #expect(found.rendered(in: source, colour: false).hasPrefix("d/0.json:1:1: error: the key 'hosts' is missing"))
    }

    @Test func `machines are told the file of a note that is in another`() throws {
        let fixture = Fixture("invalid/contradiction")
        let json = diagnostics(of: fixture.source).json(in: fixture.source)
        let first = try #require(json.array?.first)
        #expect(first["file"] == "contradiction/more.json")
        #expect(first["notes"]?.array?.first?["file"] == "contradiction/base.json")
        #expect(first["notes"]?.array?.first?["line"] == 4)
    }

    @Test func `a source is the same after a journey to another process`() throws {
        let source = try TopologyFile.all.map { try $0.source }
        for source in source {
            let copy = try #require(SourceText(json: JSON(parsing: source.json.line)))
            #expect(copy.files == source.files)
            #expect(copy.name == source.name)
            #expect(copy.defaultTopologyName == source.defaultTopologyName)
        }
    }

    @Test func `a thousand fragments are merged in no time`() throws {
        let base = """
            { "version": 1, "network": { "pools": ["172.16.0.0/12"] },
              "segments": [{ "name": "lan", "subnet": "192.168.0.0/16" }],
              "hosts": [{ "name": "A", "links": [{ "segment": "lan" }], "subnet": "172.16.0.0/16" }] }
            """
        let containers = (1...1000).map { #"{ "hosts": [{ "name": "A", "containers": [{ "name": "c\#($0)" }] }] }"# }
        let source = SourceText(
            name: "d",
            files: ([base] + containers).enumerated().map {
                SourceFile(name: "d/\($0).json", bytes: Array($1.utf8))
            })
        let start = ContinuousClock.now
        let topology = try load(source)
        #expect(topology.hosts[0].containers.count == 1000)
        #expect(
            source.locations(of: [topology.hosts[0].containers[999].pointer]).values.first?.hasPrefix("d/1000.json:1:")
                == true)
        // Seconds would tell of something quadratic; a busy machine is granted the rest.
        #expect(ContinuousClock.now - start < .seconds(10))
    }
}
