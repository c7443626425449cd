import NetworkState
import Testing

@testable import Compiler

/// When a plan that was kept is no longer one for its host, as far as no kernel is needed to say so.
struct StalenessTests {
    private let plan = Sample.kept
    private let observed = Sample.replacingFrom

    private func reasons(_ plan: Plan, _ change: (inout Witness) -> Void) throws -> [String] {
        var witness = try #require(Sample.kept.witness)
        change(&witness)
        return plan.staleness(in: observed, ledger: nil, witness: witness).map { $0.text(on: "A") }
    }

    @Test func `a plan is good on the host that it was made for`() throws {
        #expect(try reasons(plan) { _ in } == [])
    }

    @Test func `each witness speaks for itself`() throws {
        #expect(try reasons(plan) { $0.boot = "other" } == ["this machine has been booted since"])
        #expect(
            try reasons(plan) { $0.namespaces[.own]?.links[Sample.vx9] = 8 }
                == ["link A/vx9: number 8, was 7: it was removed and made again"])
        #expect(try reasons(plan) { $0.namespaces[.own]?.links[Sample.eth0.name] = nil } == ["link A/eth0 is gone"])
        #expect(try reasons(plan) { $0.namespaces[.own]?.cookie = 2 } == ["host A has another network namespace"])
        #expect(try reasons(plan) { $0.namespaces[.named("A1")]?.inode += 1 } == ["netns A1 is another one"])
        #expect(try reasons(plan) { $0.ledger = nil }.first?.hasPrefix("the ledger of host A is another one") == true)
    }

    @Test func `what follows from a boot, or from another namespace, is not told as well`() throws {
        let all = try reasons(plan) { witness in
            witness.boot = "other"
            witness.namespaces[.own] = Witness.Namespace(inode: 1, cookie: 1, links: [:])
        }
        #expect(all.count == 1)
        let namespace = try reasons(plan) { $0.namespaces[.own] = Witness.Namespace(inode: 1, cookie: 1, links: [:]) }
        #expect(namespace == ["host A has another network namespace"])
    }

    @Test func `a plan that was made without a kernel is held against what its changes start from alone`() throws {
        #expect(try reasons(Sample.replacing) { $0 = Witness(boot: "other", ledger: nil) } == [])
    }
}
