import Foundation
import TestSupport
import Testing

/// The switches of a lab with several segments, which share a namespace and must not be told from such as have one each.
@Suite(.namespaces)
struct LabSwitchTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A router with a server on each of `segments`, which is called as the segment with an `h` before it.
    private func star(_ segments: [String], besides servers: [String] = []) throws -> String {
        let names = segments.map { "{\"name\": \"\($0)\", \"subnet\": \"10.99.\(number($0)).0/24\"}" }
        let links = segments.map { "{\"segment\": \"\($0)\", \"name\": \"to-\($0)\"}" }
        let all = segments.map { ("h\($0)", $0) } + servers.map { ($0, segments[0]) }
        let machines = all.map { "{\"name\": \"\($0)\", \"links\": [{\"segment\": \"\($1)\"}]}" }
        let file = folder.file("star-\(UUID().uuidString.prefix(8)).json")
        try """
        {"version": 1, "name": "star", "segments": [\(names.joined(separator: ", "))],
         "routers": [{"name": "r", "links": [\(links.joined(separator: ", "))]}],
         "servers": [\(machines.joined(separator: ", "))], "hosts": []}
        """.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }

    private func number(_ segment: String) -> Int { segment.utf8.reduce(0) { $0 + Int($1) } % 250 + 1 }

    private func withLab(_ segments: [String], _ body: (String) throws -> Void) throws {
        let name = "switches-\(UUID().uuidString.prefix(8))"
        let up = try Weft.run("lab", "up", star(segments), "--name", name)
        try #require(up.status == 0, "\(up.errors)")
        defer { _ = try? Weft.run("lab", "down", name) }
        try body(name)
    }

    private func run(_ lab: String, _ node: String, _ command: String) throws -> Finished {
        try Weft.run("lab", "exec", lab, node, "--", "sh", "-c", command)
    }

    private func links(of node: String, in lab: String) throws -> [String] {
        let status = try Weft.run("lab", "status", lab)
        return status.lines.filter { $0.hasPrefix("\(node):") }.map { String($0.prefix { $0 != " " }) }.sorted()
    }

    @Test func `each has its own links, is up, and hands on nothing to another`() throws {
        try withLab(["a", "b"]) { lab in
            #expect(try links(of: "a", in: lab) == ["a:a.br0", "a:ha.eth0", "a:r.to-a"])
            #expect(try links(of: "b", in: lab) == ["b:b.br0", "b:hb.eth0", "b:r.to-b"])
            #expect(try run(lab, "a", "cat /proc/sys/net/ipv4/ip_forward").output == "0\n")
            for (node, link, last) in [("ha", "eth0", 1), ("hb", "eth0", 2), ("r", "to-a", 3)] {
                let added = try run(lab, node, "ip address add 10.200.0.\(last)/24 dev \(link)")
                #expect(added.status == 0, "\(added.errors)")
            }
            #expect(try run(lab, "ha", "ping -c 1 -W 1 10.200.0.3").status == 0)
            #expect(try run(lab, "ha", "ping -c 1 -W 1 10.200.0.2").status != 0)
        }
    }

    @Test func `a capture at one sees that one's frames alone`() throws {
        try withLab(["a", "b"]) { lab in
            let file = folder.file("text")
            let capture = try RunningProgram.shell("exec \(Weft.path) lab capture \(lab) a --for 3s > \(file.path)")
            func seen() -> String { (try? String(contentsOf: file, encoding: .utf8)) ?? "" }
            // Nobody has that address, so each asks the whole segment for it.
            func ask(_ segment: String) throws {
                _ = try run(lab, "h\(segment)", "ping -c 1 -W 1 10.99.\(number(segment)).200")
            }
            let isSeen = eventually(within: 2) {
                try? ask("b")
                try? ask("a")
                return seen().contains(" a:ha.eth0 ")
            }
            #expect(isSeen)
            #expect(eventually { !capture.isRunning })
            #expect(capture.end() == 0)
            #expect(seen().contains(" a:r.to-a "))
            #expect(seen().split(separator: "\n").allSatisfy { $0.contains(" a:") }, "\(seen())")
            let unknown = try Weft.run("lab", "capture", lab, "a:hb.eth0", "--for", "1s")
            #expect(unknown.status == 64 && unknown.errors.contains("a has no link 'hb.eth0'"), "\(unknown.errors)")
        }
    }

    @Test func `segments come and go, and their names with them, even for machines`() throws {
        try withLab(["a", "b"]) { lab in
            let apply = try Weft.run("lab", "apply", lab, star(["a", "c"], besides: ["b"]))
            try #require(apply.status == 0, "\(apply.errors)")
            #expect(try links(of: "c", in: lab) == ["c:c.br0", "c:hc.eth0", "c:r.to-c"])
            #expect(try links(of: "b", in: lab) == ["b:eth0"])
            #expect(try run(lab, "b", "ip link show dev a.br0").status != 0)
            #expect(try run(lab, "c", "ip link show dev a.br0").status == 0)
            let back = try Weft.run("lab", "apply", lab, star(["b"]))
            try #require(back.status == 0, "\(back.errors)")
            #expect(try run(lab, "b", "ip -o link | cut -d: -f2").output.contains("b.br0"))
            #expect(try run(lab, "b", "ip link show dev a.br0").status != 0)
            #expect(try Weft.run("lab", "exec", lab, "a", "--", "true").status != 0)
            #expect(try Weft.run("lab", "impair", lab, "hb--b", "--down").status == 0)
            #expect(try Weft.run("lab", "apply", lab, star(["b"])).status == 0)
            let status = try Weft.run("lab", "status", lab)
            #expect(status.lines.contains { $0.hasPrefix("hb:eth0 ") && $0.contains("no carrier") }, "\(status.output)")
        }
    }
}
