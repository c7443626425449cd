import CLinux
import Foundation
import Netlink
import TestSupport
import Testing

/// What tells that something has changed.
struct DirectoryWatchTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "weft-\(UUID().uuidString)")

    /// Runs `body` with a watched directory that has a file `there`, and gives the names that were told of.
    ///
    /// - `isTold`: whether there will be any. A process that is just being started beside this test holds every file of
    ///   it open for a moment, so that what is closed here may be told of a little later.
    private func names(isTold: Bool = true, of body: (URL) throws -> Void) throws -> Set<String?> {
        let manager = FileManager.default
        let origin = manager.temporaryDirectory.appending(path: "weft-\(UUID().uuidString)")
        try manager.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { for item in [folder, origin] { try? manager.removeItem(at: item) } }
        try Data("1".utf8).write(to: origin)
        // Not written in place: that would be told of as well, perhaps after the watch has begun.
        #expect(unsafe link(origin.path, folder.appending(path: "there").path) == 0)
        var watch = try DirectoryWatch()
        try watch.watch(folder.path)
        try body(folder)
        var events = watch.drain()
        if isTold {
            _ = eventually {
                events.formUnion(watch.drain())
                return !events.isEmpty
            }
        }
        #expect(events.allSatisfy { $0.directory == folder.path })
        return Set(events.map(\.name))
    }

    @Test func `a file that is written, replaced, linked or removed is told of`() throws {
        let written = try names { try Data("2".utf8).write(to: $0.appending(path: "there")) }
        #expect(written == ["there"])
        let replaced = try names { try replaceFile($0.appending(path: "there").path, with: "2") }
        #expect(replaced.contains("there"))
        let linked = try names { unsafe symlink("there", $0.appending(path: "link").path) }
        #expect(linked == ["link"])
        let removed = try names { try FileManager.default.removeItem(at: $0.appending(path: "there")) }
        #expect(removed == ["there"])
    }

    @Test func `reading tells nothing`() throws {
        #expect(try names(isTold: false) { _ = try readFile($0.appending(path: "there").path) }.isEmpty)
    }

    @Test func `a directory that goes away is told of, and the one that comes in its place can be watched`() throws {
        let made = try names { folder in
            try FileManager.default.removeItem(at: folder)
        }
        #expect(made.contains(nil))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var watch = try DirectoryWatch()
        try watch.watch(folder.path)
        try FileManager.default.removeItem(at: folder)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try watch.watch(folder.path)
        _ = watch.drain()
        try Data().write(to: folder.appending(path: "new"))
        #expect(watch.drain().map(\.name) == ["new"])
    }
}

@Suite(.namespaces)
struct EventSocketTests {
    private let machine: Machine

    init() throws {
        machine = try Machine()
    }

    private func listen(_ subject: EventSocket.Subject = .routing) throws -> EventSocket {
        try machine.namespace().run { () throws(SystemError) in try EventSocket.open(subject) }
    }

    private var filter: EventFilter {
        var filter = EventFilter()
        filter.destinations = [.init([10, 9, 0, 0], length: 16), .init([0, 0, 0, 0], length: 0)]
        filter.neighbours = [[10, 8, 0, 1], [2, 0, 0, 0, 0, 9]]
        return filter
    }

    @Test(arguments: [
        "ip link set far mtu 1400", "ip address add 10.1.1.1/24 dev eth0", "ip rule add from 10.9.0.0/16 lookup 7",
        "ip route add 10.9.0.0/16 dev eth0", "ip route add default dev eth0",
        "ip neighbour add 10.8.0.1 lladdr 02:00:00:00:00:07 dev eth0",
        "echo 1 > /proc/sys/net/ipv4/conf/eth0/forwarding",
    ])
    func `what is cared for is announced`(_ command: String) throws {
        let socket = try listen()
        try machine.script(command)
        #expect(eventually { socket.drain(filter).isRelevant })
    }

    @Test(arguments: [
        "ip route add 10.9.0.0/24 dev eth0", "ip route add 10.10.0.0/16 dev eth0",
        "ip neighbour add 10.8.0.2 lladdr 02:00:00:00:00:07 dev eth0",
        "ip neighbour add 10.8.0.2 nud stale lladdr 02:00:00:00:00:07 dev eth0",
    ])
    func `routes and neighbours that nobody cares for are not`(_ command: String) throws {
        let socket = try listen()
        try machine.script(command)
        #expect(!socket.drain(filter).isRelevant)
        try machine.script("ip link set far mtu 1400")
        #expect(socket.drain(filter).isRelevant)
    }

    @Test func `a table is announced to who asks for tables`() throws {
        let socket = try listen(.filtering)
        try machine.script("nft add table inet some")
        #expect(socket.drain(filter).isRelevant)
    }

    @Test func `who asked for a change is told by the number of its process`() throws {
        let socket = try listen()
        let process = try machine.run("sh", "-c", "echo $$; exec ip route add 10.9.0.0/16 dev eth0").lines[0]
        #expect(socket.drain(filter).askers == [UInt32(process)])
    }

    @Test func `announcements for which there was no room are told to be lost, and later ones come`() throws {
        let socket = try listen()
        let lines = (0..<20_000).map { "route add 10.\($0 >> 8).\($0 & 255).0/24 dev eth0" }
        #expect(try machine.run("ip", "-batch", "-", input: lines.joined(separator: "\n")).status == 0)
        #expect(socket.drain(filter).isOverrun)
        while socket.drain(filter).isOverrun {}
        try machine.script("ip link set far mtu 1400")
        #expect(socket.drain(filter).isRelevant)
    }
}
