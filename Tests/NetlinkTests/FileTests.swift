import Foundation
import Glibc
import Netlink
import Testing

struct FileTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path

    @Test func `a file is replaced whole, and no draft stays behind`() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try createDirectories("\(directory)/a/b")
        let path = "\(directory)/a/b/file"
        let long = String(repeating: "long\n", count: 20_000)
        try replaceFile(path, with: long)
        #expect(try readFile(path) == long)
        try replaceFile(path, with: "short\n")
        #expect(try readFile(path) == "short\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(directory)/a/b") == ["file"])
        try removeFile(path)
        try removeFile(path)
        #expect(throws: SystemError("open \(path)", errno: ENOENT)) { try readFile(path) }
    }

    @Test func `a lock has one holder at a time, whose note the others read`() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try createDirectories(directory)
        let path = "\(directory)/lock"
        do {
            let held = try hold(path)
            try withExtendedLifetime(held) {
                switch try FileLock.acquire(path, timeout: .milliseconds(30), note: "second") {
                case .acquired: Issue.record("two hold one lock")
                case .held(let note): #expect(note == "first")
                }
            }
        }
        _ = try hold(path)
    }

    @Test func `a lock is free again when its process has died`() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try createDirectories(directory)
        let path = "\(directory)/lock"
        let holder = Process()
        let output = Pipe()
        holder.executableURL = URL(filePath: "/usr/bin/flock")
        holder.arguments = ["--no-fork", path, "-c", "echo held; exec sleep 60"]
        holder.standardOutput = output
        try holder.run()
        _ = output.fileHandleForReading.availableData
        switch try FileLock.acquire(path, timeout: .zero, note: "") {
        case .acquired: Issue.record("two hold one lock")
        case .held: break
        }
        kill(holder.processIdentifier, SIGKILL)
        holder.waitUntilExit()
        _ = try hold(path)
    }

    @Test func `a time is written as RFC 3339 has it`() throws {
        let now = try #require(ISO8601DateFormatter().date(from: timestamp()))
        #expect(abs(now.timeIntervalSinceNow) < 60)
    }

    private func hold(_ path: String) throws -> FileLock {
        switch try FileLock.acquire(path, timeout: .seconds(10), note: "first") {
        case .acquired(let lock): return lock
        case .held(let note): throw SystemError("lock \(path), held by \(note)", errno: EWOULDBLOCK)
        }
    }
}
