import Applier
import Foundation
import Netlink
import NetworkState
import TestSupport
import Testing

/// Taking back an apply by what its journal says.
@Suite(.namespaces)
struct UndoTests {
    private let file = LedgerFile(directory: "/run/weft-\(UUID().uuidString)", host: "A")

    private func converge(_ host: TestHost, to desired: HostState, _ changes: [Change]) throws {
        var applier = Applier(host.namespaces)
        let probation = Probation(until: "2026-01-31T12:00:00Z") {}
        _ = try applier.converge(to: desired, ledger: file, probation: probation) { _, _ in
            Plan(changes, ledger: desired)
        }
    }

    @Test(arguments: [calicoHost, dualStackHost])
    func `what was applied is taken back, and the ledger with it`(
        _ declared: @Sendable (TestHost) -> HostState
    ) throws {
        let host = try TestHost()
        let desired = declared(host)
        try host.ip("route add 10.1.0.0/16 via 192.168.100.9 proto static")
        let before = try host.state(desired).settled
        try converge(host, to: desired, desired.additions())
        #expect(try host.state(desired).settled != before)
        let checkpoint = try #require(try file.journal())
        #expect(checkpoint.isMade)
        #expect(checkpoint.changes == desired.additions())

        var applier = Applier(host.namespaces)
        let undone = try applier.undo(ledger: file)
        #expect(!undone.changes.isEmpty)
        #expect(try host.state(desired).settled == before)
        #expect(try file.journal() == nil)
        #expect(try file.read() == nil)
        #expect(throws: ApplyError.settled(host: "A")) { try applier.undo(ledger: file) }
    }

    @Test func `what was removed comes back, and what came along with it`() throws {
        let host = try TestHost()
        let address = Resource.address(Address(IPPrefix("192.168.100.100/24"), device: "eth0"))
        let route = Resource.route(Route(IPPrefix("10.1.0.0/16"), via: IPAddress("192.168.100.9"), device: "eth0"))
        let ours = HostState([(.own, .route(Route(IPPrefix("10.2.0.0/16"), kind: .blackhole)))])
        try file.write(Ledger(ours))
        try host.ip("route add 10.1.0.0/16 via 192.168.100.9 proto 119")
        let before = try host.state()
        #expect(before[.own, route.identity] != nil)
        try converge(host, to: HostState([(.own, .netns)]), [Change(in: .own, from: address, to: nil)])
        #expect(try host.state()[.own, route.identity] == nil)
        var applier = Applier(host.namespaces)
        _ = try applier.undo(ledger: file)
        #expect(try host.state() == before)
        #expect(try file.read() == Ledger(ours))
    }

    @Test func `what has changed meanwhile goes back too, and what is not concerned stays`() throws {
        let host = try TestHost()
        let route = Route(IPPrefix("10.1.0.0/16"), via: IPAddress("192.168.100.9"), device: "eth0")
        let desired = HostState([(.own, .route(route))])
        let before = try host.state()
        try converge(host, to: desired, desired.additions())
        try host.ip(
            "route replace 10.1.0.0/16 via 192.168.100.8 proto static",
            "route add 10.9.0.0/16 via 192.168.100.8 proto static")
        var applier = Applier(host.namespaces)
        _ = try applier.undo(ledger: file)
        try host.ip("route del 10.9.0.0/16")
        #expect(try host.state() == before)
    }

    @Test func `what cannot be taken back is told, and may be tried again`() throws {
        let host = try TestHost()
        let route = Resource.route(Route(IPPrefix("10.1.0.0/16"), via: IPAddress("192.168.100.9"), device: "eth0"))
        try host.ip("route add 10.1.0.0/16 via 192.168.100.9 proto 119")
        let before = try host.state()
        try converge(host, to: HostState([(.own, .netns)]), [Change(in: .own, from: route, to: nil)])
        try host.ip("link set dev eth0 down")
        var applier = Applier(host.namespaces)
        let error = #expect(throws: ApplyError.self) { try applier.undo(ledger: file) }
        guard case .incomplete(let left) = error?.outcome else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(left.map(\.after) == [route])
        #expect(error?.description.contains("ip route add 10.1.0.0/16 via 192.168.100.9") == true)
        try host.ip("link set dev eth0 up")
        _ = try applier.undo(ledger: file)
        #expect(try host.state() == before)
    }

    @Test func `a journal that cannot be understood stops everything, and stays`() throws {
        let host = try TestHost()
        try createDirectories(file.directory)
        for text in ["{", "{}", #"{"version": 2}"#] {
            try replaceFile(file.journalPath, with: text)
            var applier = Applier(host.namespaces)
            let error = #expect(throws: ApplyError.self) { try applier.undo(ledger: file) }
            #expect(error?.outcome == .unchanged)
            #expect(error?.description.contains("\(file.journalPath) is not a journal") == true)
            #expect(throws: ApplyError.self) { try converge(host, to: HostState(), []) }
            #expect(try readFile(file.journalPath) == text)
        }
    }
}
