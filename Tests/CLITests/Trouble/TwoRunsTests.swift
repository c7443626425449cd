import Foundation
import NetworkState
import Synchronization
import TestSupport
import Testing

/// Two runs on one host at the same time come to what they would have come to one after the other.
@Suite(.namespaces)
struct TwoRunsTests {
    private static let rounds = 25

    @Test(arguments: [[], ["--lock-timeout", "10s"]])
    func `two applies at once leave the host as one of them has it`(_ waiting: [String]) throws {
        let victim = try Victim(TopologyFile("calico-two-hosts"))
        let files = ["calico-two-hosts", "flannel-host-gw"].map { TopologyFile($0).url.path }
        let goals = try files.map { file in
            try victim.run(["apply", file, "--host", "A"])
            return try victim.state
        }
        #expect(goals[0] != goals[1])
        var refused = 0
        for round in 1...Self.rounds {
            let codes = try atOnce(files.map { ["apply", $0, "--host", "A"] + waiting }, on: victim.machine)
            #expect(codes.allSatisfy { $0 == 0 || ($0 == 6 && waiting.isEmpty) }, "round \(round): \(codes)")
            refused += codes.count { $0 == 6 }
            let possible = goals.indices.filter { codes[$0] == 0 }.map { goals[$0] }
            #expect(try possible.contains(victim.state), "round \(round): \(codes)")
        }
        // Else they were not at once.
        if waiting.isEmpty { #expect(refused > 0) }
        try victim.run(victim.destroy)
        #expect(try victim.leftovers.isEmpty)
    }

    @Test func `an apply and a destroy at once leave the host as one of them has it`() throws {
        let victim = try Victim(TopologyFile("calico-two-hosts"))
        let empty = try victim.state
        try victim.run(victim.apply)
        let applied = try victim.state
        for round in 1...Self.rounds {
            let waiting = ["--lock-timeout", "10s"]
            let codes = try atOnce([victim.apply + waiting, victim.destroy + waiting], on: victim.machine)
            #expect(codes == [0, 0], "round \(round)")
            #expect(try [empty, applied].contains(victim.state), "round \(round)")
        }
        try victim.run(victim.destroy)
        #expect(try victim.state == empty)
    }

    /// Starts weft with each of `commands` at once, and gives their exit codes.
    private func atOnce(_ commands: [[String]], on machine: Machine) throws -> [Int32] {
        let codes = Mutex([Int32](repeating: -1, count: commands.count))
        DispatchQueue.concurrentPerform(iterations: commands.count) { index in
            let status = (try? machine.run([Weft.path] + commands[index]).status) ?? -1
            codes.withLock { $0[index] = status }
        }
        return codes.withLock { $0 }
    }
}
