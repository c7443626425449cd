import Applier
import Foundation
import JSONReader
import NetworkState
import Testing

struct LedgerFileTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    private var file: LedgerFile { LedgerFile(directory: directory, host: "A") }

    @Test func `a ledger is read as it was written`() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        #expect(try file.read() == nil)
        let ledger = Ledger(
            HostState([
                (.own, .route(Route(IPPrefix("172.17.9.0/24"), via: IPAddress("192.168.100.101"), device: "eth0"))),
                (.named("A1"), .link(Link(name: "eth0", kind: .veth(peer: .init(netns: .own, name: "veth1"))))),
            ]),
            former: HostState([(.own, .sysctl(Sysctl("net/ipv4/ip_forward", "0")))]))
        try file.write(ledger)
        #expect(try file.read() == ledger)
        // Written without making JSON of it first, and read without; but it is JSON.
        let text = try String(contentsOfFile: file.path, encoding: .utf8)
        #expect(try Ledger(json: JSON(parsing: text)) == ledger)
        try file.write(nil)
        #expect(try file.read() == nil)
    }

    @Test(arguments: [
        "", "{", "{}", "[1]", #"{"version": 2, "topology": "t", "host": "A", "entries": [], "former": []}"#,
    ])
    func `what is no ledger is refused, with what to do about it`(_ text: String) throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: file.path))
        let error = #expect(throws: ApplyError.self) { try file.read() }
        guard case .corruptLedger(let path, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(path == file.path)
        #expect(error?.description.contains("give the topology's file") == true)
        #expect(error?.outcome == .unchanged)
    }

    @Test func `a ledger that is whole but not as it was written is refused`() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let route = Route(IPPrefix("172.17.9.0/24"), via: IPAddress("192.168.100.101"), device: "eth0")
        try file.write(Ledger(HostState([(.own, .route(route))])))
        let text = try String(contentsOfFile: file.path, encoding: .utf8)
        let changes = [
            ("172.17.9.0/24", "172.17.8.0/24"), ("digest", "digits"),
            ("\"former\": []", "\"former\": [{\"resources\": []}]"),
        ]
        for (was, successor) in changes {
            let changed = text.replacing(was, with: successor)
            #expect(changed != text)
            try Data(changed.utf8).write(to: URL(filePath: file.path))
            #expect(throws: ApplyError.self) { try file.read() }
        }
        // How it is laid out does not matter.
        try Data(text.replacing("\n", with: "").utf8).write(to: URL(filePath: file.path))
        #expect(try file.read()?.entries[.own, .route(route.identity)] == .route(route))
    }

    @Test func `who finds the lock taken is told by whom, and since when`() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let lock = try file.lock()
        try withExtendedLifetime(lock) {
            let error = #expect(throws: ApplyError.self) { _ = try file.lock() }
            guard case .locked(file.lockPath, let holder?) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(holder.process == Int64(ProcessInfo.processInfo.processIdentifier))
            #expect(holder.command.contains("xctest"))
            #expect(holder.since.hasSuffix("Z"))
            // Another host's lock is another lock.
            _ = try LedgerFile(directory: directory, host: "B").lock()
        }
    }
}
