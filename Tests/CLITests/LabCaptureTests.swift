import Foundation
import TestSupport
import Testing

/// `weft lab capture`, as its user has it.
@Suite(.namespaces)
struct LabCaptureTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func withLab(_ body: (String) throws -> Void) throws {
        let name = "capture-\(UUID().uuidString.prefix(8))"
        let up = try Weft.run("lab", "up", TopologyFile("calico-two-hosts").url.path, "--name", name)
        try #require(up.status == 0, "\(up.errors)")
        defer { _ = try? Weft.run("lab", "down", name) }
        try body(name)
    }

    private func ping(_ lab: String, count: Int = 1) throws {
        let finished = try Weft.run(
            "lab", "exec", lab, "A1", "--", "ping", "-c", "\(count)", "-i", "0.01", "172.17.9.2")
        #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
    }

    /// What there is of a capture by now.
    private func size(_ file: URL) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int) ?? 0
    }

    /// Whether the echo's reply on A's wire is in `file`, or soon will be.
    private func hasReply(_ file: URL) -> Bool {
        eventually {
            (try? Tshark.read(file, ["frame.interface_name", "icmp.type"]))?.contains(["A:eth0", "0"]) == true
        }
    }

    /// Starts a capture to `file`, and returns once it sees.
    private func start(_ lab: String, _ file: URL, _ arguments: String...) throws -> RunningProgram {
        let capture = try RunningProgram.weft(["lab", "capture", lab, "-w", file.path] + arguments)
        #expect(eventually { size(file) > 0 })
        return capture
    }

    @Test(.tshark) func `frames are in the file as they come, until an interrupt ends it`() throws {
        try withLab { lab in
            let file = folder.file("lab.pcapng")
            let capture = try start(lab, file, "A:eth0", "B")
            try ping(lab)
            #expect(hasReply(file))
            #expect(capture.isRunning)
            #expect(capture.end(SIGINT) == 0)
            #expect(capture.errors.contains(" frames captured, 0 lost for want of room"), "\(capture.errors)")
            let rows = try Tshark.read(file, ["frame.interface_name", "ip.src", "ip.ttl", "icmp.type"])
            #expect(rows.contains(["A:eth0", "172.17.8.2", "63", "8"]))
            #expect(rows.contains(["B:veth1", "172.17.8.2", "62", "8"]))
            #expect(rows.contains(["B:veth1", "172.17.9.2", "64", "0"]))
            #expect(Set(rows.map { $0[0] }) == ["A:eth0", "B:eth0", "B:veth1"])
        }
    }

    @Test(.tshark) func `a pipe gets it as well, cut to the length that is asked for`() throws {
        try withLab { lab in
            let file = folder.file("lab.pcapng")
            let script = "exec \(Weft.path) lab capture \(lab) A1 --count 2 --snaplen 40 -w - > \(file.path)"
            let capture = try RunningProgram.shell(script)
            #expect(eventually { size(file) > 0 })
            try ping(lab)
            #expect(eventually { !capture.isRunning })
            #expect(capture.end() == 0)
            #expect(capture.errors == "weft: 2 frames captured, 0 lost for want of room\n")
            #expect(try Tshark.read(file, ["frame.cap_len"]) == [["40"], ["40"]])
        }
    }

    @Test func `without a file it is a line for each frame, and ends when its time is up`() throws {
        try withLab { lab in
            let capture = try RunningProgram.shell(
                "exec \(Weft.path) lab capture \(lab) A1:eth0 --for 2s > \(folder.file("text").path)")
            let isSeen = eventually(within: 1.5) {
                try? ping(lab)
                return size(folder.file("text")) > 0
            }
            #expect(isSeen)
            #expect(eventually { !capture.isRunning })
            #expect(capture.end() == 0)
            let text = try String(contentsOf: folder.file("text"), encoding: .utf8)
            #expect(text.contains(" A1:eth0 out "))
            #expect(text.contains(" 172.17.8.2 > 172.17.9.2 ttl 64 icmp echo request id "), "\(text)")
            #expect(text.contains(" 172.17.9.2 > 172.17.8.2 ttl 62 icmp echo reply id "), "\(text)")
            #expect(text.split(separator: "\n").allSatisfy { $0.contains(" A1:eth0 ") })
        }
    }

    @Test func `when nobody reads any more it ends, and a reader that stands still does not keep it`() throws {
        try withLab { lab in
            let gone = try RunningProgram.shell(
                "{ \(Weft.path) lab capture \(lab) -w - ; echo status $? >&2; } | head -c 28 >/dev/null")
            #expect(eventually { !gone.isRunning })
            #expect(gone.errors.hasSuffix("status 0\n"), "\(gone.errors)")
            let fifo = folder.file("fifo").path
            #expect(try run(["mkfifo", fifo]).status == 0)
            let reader = try RunningProgram.shell("exec 3<\(fifo); head -c 1 <&3 >/dev/null; exec sleep 100")
            let stalled = try RunningProgram.shell("exec \(Weft.path) lab capture \(lab) -w \(fifo)")
            #expect(eventually { (try? ping(lab)) != nil && stalled.isRunning })
            for _ in 0..<5 { try ping(lab, count: 40) }
            #expect(stalled.end(SIGTERM) == 0)
            #expect(reader.end(SIGKILL) == 137)
        }
    }

    @Test func `a node or link that is not there is said with those that are`() throws {
        try withLab { lab in
            let node = try Weft.run("lab", "capture", lab, "A9")
            #expect(node.status == 64)
            #expect(node.errors == "weft: lab '\(lab)' has no node 'A9': it has A, A1, A2, B, B1, B2, lan\n")
            let slip = try Weft.run("lab", "capture", lab, "lann:veth1")
            #expect(slip.status == 64)
            #expect(slip.errors == "weft: lab '\(lab)' has no node 'lann': did you mean 'lan'?\n")
            let link = try Weft.run("lab", "capture", lab, "A:veth9")
            #expect(link.status == 64)
            #expect(link.errors == "weft: A has no link 'veth9': did you mean 'veth1'?\n")
            #expect(try Weft.run("lab", "capture", "none-of-these").status == 1)
            #expect(try Weft.run("lab", "capture", lab, "--count", "0").status == 64)
        }
    }
}
