import Applier
import Foundation
import Netlink
import NetworkState
import TestSupport
import Testing

@Suite(.namespaces)
struct ConvergeTests {
    private let directory = "/run/weft-\(UUID().uuidString)"

    @Test func `a host converges, and a second run sends nothing`() throws {
        let host = try TestHost()
        let desired = calicoHost(host)
        let file = LedgerFile(directory: directory, host: "A")
        var first = Applier(host.namespaces)
        let plan = try first.converge(to: desired, ledger: file) { observed, ledger throws(ApplyError) in
            #expect(ledger == nil)
            return Plan(desired.missing(from: observed), ledger: desired)
        }
        #expect(plan.changes.count == desired.additions().count)
        #expect(try file.read() == plan.ledger)
        let written = try modificationDate(of: file.path)

        var second = Applier(host.namespaces)
        let again = try second.converge(to: desired, ledger: file) { observed, ledger throws(ApplyError) in
            #expect(ledger == plan.ledger)
            return Plan(desired.missing(from: observed), ledger: desired)
        }
        #expect(again.changes == [])
        #expect(second.modifyingMessageCount == 0)
        #expect(try modificationDate(of: file.path) == written)
    }

    @Test func `before the first change the ledger names what may be ours, and after a failure what was`() throws {
        let host = try TestHost()
        let file = LedgerFile(directory: directory, host: "A")
        let old = Ledger(
            HostState([(.own, .route(Route(IPPrefix("10.1.0.0/16"), kind: .blackhole)))]),
            former: HostState([(.own, .sysctl(Sysctl("net/ipv4/ip_forward", "0")))]))
        try file.write(old)
        let before = try host.state()
        let wanted = HostState([
            (.own, .route(Route(IPPrefix("10.2.0.0/16"), kind: .blackhole))),
            (.own, .route(Route(IPPrefix("10.3.0.0/16"), via: IPAddress("203.0.113.1"), device: "eth0"))),
        ])
        var applier = Applier(host.namespaces)
        let error = #expect(throws: ApplyError.self) {
            _ = try applier.converge(to: wanted, ledger: file) { _, _ throws(ApplyError) in
                Plan(wanted.additions(), ledger: wanted)
            }
        }
        #expect(error?.outcome == .rolledBack)
        #expect(try file.read() == old)
        #expect(try host.state() == before)
    }

    @Test func `what is declared and a change took along is missed`() throws {
        let host = try TestHost()
        let route = Resource.route(Route(IPPrefix("10.1.0.0/16"), via: IPAddress("192.168.100.9"), device: "eth0"))
        let address = Resource.address(Address(IPPrefix("192.168.100.100/24"), device: "eth0"))
        let file = LedgerFile(directory: directory, host: "A")
        var applier = Applier(host.namespaces)
        let desired = HostState([(.own, route)])
        _ = try applier.converge(to: desired, ledger: file) { _, _ throws(ApplyError) in
            Plan(desired.additions(), ledger: desired)
        }
        let before = try host.state()
        let error = #expect(throws: ApplyError.self) {
            _ = try applier.converge(to: desired, ledger: file) { _, _ throws(ApplyError) in
                Plan([Change(in: .own, from: address, to: nil)], ledger: desired)
            }
        }
        guard case .verification(let mismatches, .rolledBack) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(mismatches.map(\.expected) == [route])
        #expect(try host.state() == before)
    }

    @Test func `an empty ledger leaves no file`() throws {
        let host = try TestHost()
        let file = LedgerFile(directory: directory, host: "A")
        let desired = HostState([(.own, .route(Route(IPPrefix("10.1.0.0/16"), kind: .blackhole)))])
        var applier = Applier(host.namespaces)
        _ = try applier.converge(to: desired, ledger: file) { _, _ throws(ApplyError) in
            Plan(desired.additions(), ledger: desired)
        }
        _ = try applier.converge(to: HostState(), ledger: file) { _, _ throws(ApplyError) in
            Plan(desired.additions().map(\.inverse))
        }
        #expect(!FileManager.default.fileExists(atPath: file.path))
    }

    @Test func `conflicts touch neither kernel nor ledger`() throws {
        let host = try TestHost()
        let file = LedgerFile(directory: directory, host: "A")
        let desired = HostState([(.own, .route(Route(IPPrefix("10.1.0.0/16"), kind: .blackhole)))])
        let held = Plan.Conflict(in: .own, held: .route(Route(IPPrefix("10.1.0.0/16"))), reason: "theirs")
        var applier = Applier(host.namespaces)
        #expect(throws: ApplyError.conflicts([held])) {
            _ = try applier.converge(to: desired, ledger: file) { _, _ throws(ApplyError) in
                Plan(desired.additions(), ledger: desired, conflicts: [held])
            }
        }
        #expect(applier.modifyingMessageCount == 0)
        #expect(!FileManager.default.fileExists(atPath: file.path))
    }

    private func modificationDate(of path: String) throws -> Date? {
        try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
    }
}

extension HostState {
    /// What adds those that `observed` does not have.
    fileprivate func missing(from observed: HostState) -> [Change] {
        additions(except: Array(observed.namespaces.keys)).filter { change in
            guard let found = observed[change.netns, change.identity] else { return true }
            return change.after?.isSatisfied(by: found) == false
        }
    }
}
