import Foundation
import Glibc
import Netlink
import TestSupport
import Testing

@Suite(.namespaces)
struct NetnsDirectoryTests {
    private let directory = NetnsDirectory("/run/\(UUID().uuidString)/netns")

    @Test func `a name stands for one namespace until it is removed`() throws {
        #expect(try directory.list() == [])
        try directory.create("A1")
        try directory.create("B1")
        #expect(try directory.list() == ["A1", "B1"])
        #expect(try isSame(directory.open("A1"), directory.open("A1")))
        #expect(try !isSame(directory.open("A1"), directory.open("B1")))
        #expect(try directory.open("A1").identity == directory.identity(of: "A1"))
        try directory.remove("A1")
        #expect(!directory.exists("A1"))
        #expect(directory.identity(of: "A1") == nil)
        try directory.removeAll()
        #expect(try directory.list() == [])
    }

    @Test func `a name that is taken is refused and stays`() throws {
        try directory.create("A1")
        #expect(throws: SystemError("open \(directory.file(of: "A1"))", errno: EEXIST)) { try directory.create("A1") }
        #expect(try !isSame(directory.open("A1"), .current()))
        try directory.removeAll()
    }

    @Test func `a leftover file is no namespace, and can be removed`() throws {
        try directory.create("A1")
        #expect(FileManager.default.createFile(atPath: directory.file(of: "stale"), contents: nil))
        let error = #expect(throws: SystemError.self) { _ = try directory.open("stale") }
        #expect(error?.errno == EINVAL)
        #expect(error?.description.contains("no namespace is mounted there") == true)
        try directory.remove("stale")
        #expect(try directory.list() == ["A1"])
        try directory.removeAll()
    }

    @Test func `names that ip made are ours to open, and ours are its`() throws {
        let shared = NetnsDirectory()
        let (ours, theirs) = ("ours-\(UUID().uuidString)", "theirs-\(UUID().uuidString)")
        #expect(try run("ip", "netns", "add", theirs) == 0)
        try shared.create(ours)
        #expect(try shared.open(theirs).identity == shared.identity(of: theirs))
        #expect(try run("ip", "-n", ours, "link", "add", "br0", "type", "bridge") == 0)
        #expect(try run("ip", "netns", "delete", ours) == 0)
        try shared.remove(theirs)
        #expect(try Set(shared.list()).isDisjoint(with: [ours, theirs]))
    }

    @Test func `nothing can be entered that is no namespace`() {
        #expect(throws: SystemError.self) { _ = try NetworkNamespace.open("/dev/null") }
    }

    /// Namespaces cannot be copied, so they are handed over where they are made.
    private func isSame(_ a: borrowing NetworkNamespace, _ b: borrowing NetworkNamespace) throws -> Bool {
        try a.identity == b.identity
    }

    private func run(_ command: String...) throws -> CInt {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
