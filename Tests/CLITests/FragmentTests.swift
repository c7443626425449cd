import Compiler
import Foundation
import NetnsHarness
import TestSupport
import Testing

/// A directory of fragments wherever a topology is asked for.
struct FragmentTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "weft-\(UUID().uuidString)")

    /// Puts a copy of the example's files into ``folder`` while `body` runs.
    private func withFragments(_ body: () throws -> Void) throws {
        let example = Repository.topologies.appending(path: "calico-fragments")
        try #require(try run(["cp", "-R", example.path, folder.path]).status == 0)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body()
    }

    private func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
    }

    @Test func `a directory is checked as one topology`() throws {
        try withFragments {
            let finished = try Weft.run("check", folder.path + "/")
            #expect(finished.output == "\(folder.path)/: 2 hosts, 5 containers, 1 segment: valid\n")
            try write(#"{ "hosts": [{ "name": "A", "subnet": "10.0.0.0/8" }] }"#, "40-slip.json")
            let refused = try Weft.run("check", folder.path + "/")
            #expect(refused.status == 4)
            #expect(refused.errors.contains("\(folder.path)/40-slip.json:1:38: error: 'subnet' is '10.0.0.0/8' here"))
            #expect(refused.errors.contains("\(folder.path)/20-A.json:8:17"))
        }
    }

    @Test(arguments: [".30-A3.json", "30-A3.json~", "#30-A3.json#", "30-A3.json.bak", "notes.txt"])
    func `hidden files, and those that editors keep, say nothing`(_ name: String) throws {
        try withFragments {
            try write("{ nonsense", name)
            #expect(try Weft.run("check", folder.path).status == 0)
        }
    }

    @Test func `a plan tells the file of each change`() throws {
        try withFragments {
            let plan = try Weft.run("compile", folder.path, "--host", "A").lines
            for (part, place) in [("+ netns     A1 ", "20-A.json:10:9"), ("+ netns     A3 ", "30-A3.json:5:43")] {
                #expect(plan.contains { $0.contains(part) && $0.hasSuffix("# \(folder.path)/\(place)") })
            }
        }
    }

    @Test func `a directory without a topology is told so`() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let finished = try Weft.run("check", folder.path)
        #expect(finished.status == 4)
        #expect(finished.errors.contains("there is no *.json file in this directory"))
        #expect(try Weft.run("check", folder.path + "/none").status == 1)
    }

    /// As git-sync and Kubernetes deploy: a link is turned from one directory to the next.
    @Test func `what a turned link led to is not mixed with what it leads to`() throws {
        let files = FileManager.default
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? files.removeItem(at: folder) }
        let names = (0..<50).map { "\($0).json" }
        for version in ["one", "two"] {
            try files.createDirectory(at: folder.appending(path: version), withIntermediateDirectories: true)
            for name in names { try write(version, "\(version)/\(name)") }
        }
        let turning = Process()
        turning.executableURL = URL(filePath: "/bin/sh")
        turning.arguments = [
            "-c",
            "while [ -d one ]; do ln -s one n; mv -T n current; ln -s two n; mv -T n current; done 2>/dev/null",
        ]
        turning.currentDirectoryURL = folder
        try turning.run()
        defer { turning.terminate() }
        let link = folder.appending(path: "current").path
        #expect(eventually { (try? SourceText(reading: link)) != nil })
        for _ in 0..<50 {
            let texts = Set(try SourceText(reading: link).files.map { String(decoding: $0.bytes, as: UTF8.self) })
            #expect(texts.count == 1)
        }
    }
}

/// A lab is handed all of the files.
@Suite(.namespaces)
struct FragmentLabTests {
    @Test func `a lab is built from a directory, and follows it`() throws {
        let machine = try Machine()
        try machine.script("mkdir /run/t; cp \(Repository.topologies.path)/calico-fragments/*.json /run/t")
        let up = try machine.weft("lab", "up", "/run/t", "--name", "cut")
        try #require(up.status == 0, "\(up.errors)")
        #expect(try machine.weft("lab", "exec", "cut", "A3", "--", "ping", "-c1", "-W5", "172.17.9.2").status == 0)
        try machine.script("rm /run/t/30-A3.json")
        #expect(try machine.weft("lab", "apply", "cut", "/run/t").status == 0)
        #expect(try machine.weft("lab", "exec", "cut", "A3", "--", "true").status == 64)
        #expect(try machine.weft("lab", "down", "cut").status == 0)
    }
}
