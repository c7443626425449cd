import Foundation
import TestSupport
import Testing

/// Labs that stay up, through the command line alone.
@Suite(.namespaces)
struct LabTests {
    private let file = TopologyFile("calico-two-hosts").url.path

    /// Runs `body` with a lab of its own that is down afterwards.
    private func withLab(_ body: (String) throws -> Void) throws {
        let name = "lab-\(UUID().uuidString.prefix(8))"
        let up = try Weft.run("lab", "up", file, "--name", name)
        try #require(up.status == 0, "\(up.errors)")
        defer { _ = try? Weft.run("lab", "down", name) }
        try body(name)
    }

    @Test func `a container's gateway is the address that nobody has, at the hardware address that every host has`()
        throws
    {
        try withLab { lab in
            // Any packet makes the container ask for its gateway.
            let packet = try Weft.run("lab", "exec", lab, "A1", "--", "bash", "-c", "echo > /dev/udp/172.17.9.2/9")
            #expect(packet.status == 0)
            let isKnown = try eventually {
                let neighbours = try Weft.run("lab", "exec", lab, "A1", "--", "ip", "neigh").output
                return neighbours.contains("169.254.1.1 dev eth0 lladdr ee:ee:ee:ee:ee:ee")
            }
            #expect(isKnown)
        }
    }

    @Test func `a command's exit status is exec's, and it sees its node's links alone`() throws {
        try withLab { lab in
            #expect(try Weft.run("lab", "exec", lab, "A1", "--", "sh", "-c", "exit 7").status == 7)
            #expect(try Weft.run("lab", "exec", lab, "A1", "--", "sh", "-c", "kill -9 $$").status == 137)
            let links = try Weft.run("lab", "exec", lab, "A1", "--", "ls", "/sys/class/net").lines
            #expect(Set(links).isSuperset(of: ["eth0", "lo"]))
            #expect(!links.contains("veth1"))
        }
    }

    @Test func `a lab's host is planned for and applied to like any other`() throws {
        try withLab { lab in
            #expect(try Weft.run("plan", file, "--lab", lab, "--host", "A", "--exit-code").status == 0)
            #expect(try Weft.run("lab", "exec", lab, "A", "--", "ip", "route", "del", "172.17.9.0/24").status == 0)
            let plan = try Weft.run("plan", file, "--lab", lab, "--host", "A", "--exit-code")
            #expect(plan.status == 2)
            #expect(plan.output.contains("+ route     A/172.17.9.0/24"))
            #expect(try Weft.run("apply", file, "--lab", lab, "--host", "A").status == 0)
            #expect(try Weft.run("plan", file, "--lab", lab, "--host", "A", "--exit-code").status == 0)
            #expect(try Weft.run("destroy", "--lab", lab, "--host", "B").status == 0)
            #expect(try Weft.run("lab", "exec", lab, "B", "--", "ip", "route").output.contains("172.17") == false)
        }
    }

    @Test func `an apply to a lab's host can wait to be confirmed, and its guard is one of the lab's processes`() throws
    {
        try withLab { lab in
            let host = ["--lab", lab, "--host", "A"]
            func weft(_ arguments: String...) throws -> Int32 {
                try TestSupport.run([Weft.path] + arguments + host).status
            }
            #expect(try weft("destroy") == 0)
            #expect(try weft("apply", file, "--confirm", "100s") == 0)
            let processes = try Weft.run(
                "lab", "exec", lab, "A", "--", "sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '")
            #expect(processes.output.contains("guard --host A --time"), "\(processes.output)")
            #expect(try weft("rollback") == 0)
            #expect(try weft("plan", file, "--exit-code") == 2)
            #expect(try weft("apply", file, "--confirm", "100s", "--confirm-if", "reach:192.168.100.101") == 0)
            #expect(try weft("confirm") == 1)
            #expect(try weft("plan", file, "--exit-code") == 0)
        }
    }

    @Test func `a bare lab is machines and wires, and its hosts are for others to apply`() throws {
        let lab = "bare-\(UUID().uuidString.prefix(8))"
        #expect(try Weft.run("lab", "up", file, "--bare", "--name", lab).status == 0)
        defer { _ = try? Weft.run("lab", "down", lab) }
        #expect(
            try Weft.run("lab", "exec", lab, "A", "--", "ip", "route").lines.map { $0.prefix(16) } == [
                "192.168.100.0/24"
            ])
        #expect(
            try Weft.run("lab", "exec", lab, "A", "--", "ip", "netns").lines.contains { $0.hasPrefix("A1") } == false)
        for host in ["A", "B"] {
            #expect(try Weft.run("apply", file, "--lab", lab, "--host", host, "--detailed-exitcode").status == 2)
        }
        let ping = try Weft.run("lab", "exec", lab, "A1", "--", "ping", "-c", "1", "172.17.9.2")
        #expect(ping.status == 0, "\(ping.output)")
        #expect(try Weft.run("lab", "apply", lab, file, "--bare").status == 0)
        #expect(try Weft.run("plan", file, "--lab", lab, "--host", "A", "--exit-code").status == 0)
    }

    @Test func `two labs of one topology do not meet, and one name is one lab`() throws {
        try withLab { first in
            try withLab { second in
                let names = try Weft.run("lab", "list").lines.map { $0.prefix { $0 != " " } }
                #expect(names.contains { $0 == first } && names.contains { $0 == second })
                let again = try Weft.run("lab", "up", file, "--name", first)
                #expect(again.status == 6)
                #expect(again.errors.contains("is up already"))
                #expect(
                    try Weft.run("lab", "exec", second, "A1", "--", "ip", "link", "set", "eth0", "down").status == 0)
                let other = try Weft.run("lab", "exec", first, "A1", "--", "ip", "-br", "link").output
                #expect(other.contains("eth0@if") && !other.contains("DOWN"))
            }
        }
    }

    @Test func `a lab's status tells its nodes`() throws {
        try withLab { lab in
            let status = try Weft.run("lab", "status", lab)
            #expect(
                status.lines.contains { $0.hasPrefix("A1") && $0.contains("container") && $0.contains("172.17.8.2") })
            let json =
                try JSONSerialization.jsonObject(
                    with: Data(try Weft.run("lab", "status", lab, "--format", "json").output.utf8)) as? [String: Any]
            #expect((json?["nodes"] as? [Any])?.count == 7)
        }
    }

    @Test func `a lab that is down has taken its processes along`() throws {
        let mark = "\(Int.random(in: 1_000_000...9_999_999))"
        try withLab { lab in
            let started = try Weft.run(
                "lab", "exec", lab, "A1", "--", "bash", "-c", Self.background("sleep \(mark)"))
            #expect(started.status == 0)
            #expect(try eventually { try processes(mark).count == 1 })
            #expect(try Weft.run("lab", "down", lab).status == 0)
            #expect(try eventually { try processes(mark).isEmpty })
            #expect(try Weft.run("lab", "exec", lab, "A1", "--", "true").status == 1)
        }
    }

    @Test func `a lab whose process is killed leaves nothing but a line that gc forgets`() throws {
        let mark = "\(Int.random(in: 1_000_000...9_999_999))"
        try withLab { lab in
            _ = try Weft.run("lab", "exec", lab, "A", "--", "bash", "-c", Self.background("sleep \(mark)"))
            let status =
                try JSONSerialization.jsonObject(
                    with: Data(try Weft.run("lab", "status", lab, "--format", "json").output.utf8)) as? [String: Any]
            let process = try #require(status?["process"] as? Int)
            kill(Int32(process), SIGKILL)
            #expect(try eventually { try processes(mark).isEmpty })
            #expect(try eventually { try !Weft.run("lab", "list").output.contains(lab) })
            let told = try Weft.run("doctor").lines.first { $0.hasPrefix("labs ") } ?? ""
            let leftover = try #require(told.split(separator: "; ").first { $0.hasPrefix("left over: ") }, "\(told)")
            #expect(leftover.contains(lab) && told.hasSuffix("; way out: weft lab gc"), "\(told)")
            #expect(try Weft.run("lab", "gc").output.contains(lab))
        }
    }

    @Test(arguments: [
        (["exec", "LAB", "A9", "--", "true"], 64, "has no node 'A9': it has A, A1"),
        (["exec", "nonesuch", "A1", "--", "true"], 1, "no lab called 'nonesuch' is up"),
        (["exec", "LAB", "A1"], 64, "command"),
        (["exec", "LAB", "A1", "--", "/no/such/program"], 1, "/no/such/program"),
        (["down", "nonesuch"], 1, "no lab called 'nonesuch' is up"),
    ])
    func `a lab command that cannot be carried out says why`(_ arguments: [String], _ status: Int32, _ words: String)
        throws
    {
        try withLab { lab in
            let finished = try run([Weft.path, "lab"] + arguments.map { $0 == "LAB" ? lab : $0 })
            #expect(finished.status == status)
            #expect(finished.errors.contains(words), "\(finished.errors)")
        }
    }

    /// A script that leaves `command` running, with none of the files that Foundation takes for signs of life.
    private static func background(_ command: String) -> String {
        "for file in /proc/self/fd/*; do file=${file##*/}; [ $file -gt 2 ] && eval \"exec $file>&-\"; done; "
            + "\(command) </dev/null >/dev/null 2>&1 &"
    }

    /// The processes that have `mark` among their arguments.
    private func processes(_ mark: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { id in
            guard Int(id) != nil, let line = try? String(contentsOfFile: "/proc/\(id)/cmdline", encoding: .utf8) else {
                return false
            }
            return line.hasPrefix("sleep") && line.contains(mark)
        }
    }
}
