import Foundation
import NetworkState
import TestSupport
import Testing

/// One run at a time on each host.
@Suite(.namespaces, .tracing)
struct LockTests {
    private let victim: Victim

    init() throws {
        victim = try Victim(TopologyFile("calico-two-hosts"))
    }

    /// Has a run stop for good as it writes its ledger while `body` runs, which gets the number of its process.
    private func holding(_ body: (Int32) throws -> Void) throws {
        let trace = ["-e", "trace=fsync", "-e", "inject=fsync:signal=SIGSTOP:when=1"]
        let tracer = try victim.machine.start(["strace", "-f", "-o", "/dev/null"] + trace + [Weft.path] + victim.apply)
        try withExtendedLifetime(tracer) {
            var holder: Int32?
            let isHeld = eventually {
                let note = try? String(contentsOfFile: victim.machine.path(of: "/run/weft/A.lock"), encoding: .utf8)
                holder = note?.firstMatch(of: /"pid": ?(\d+)/).flatMap { Int32($0.1) }
                return holder != nil
            }
            try #require(isHeld)
            let process = try #require(holder)
            defer { kill(process, SIGKILL) }
            try body(process)
        }
    }

    @Test func `who finds the host locked is told by whom, how and since when, and can plan all the same`() throws {
        try holding { holder in
            for command in [victim.apply, victim.destroy] {
                let finished = try victim.machine.run([Weft.path] + command)
                #expect(finished.status == 6)
                let told =
                    /A\.lock is locked by process (\d+) \(.*weft apply .*--host A\) since \d{4}-\d\d-\d\dT[\d:]+Z/
                #expect(finished.errors.firstMatch(of: told)?.1 == "\(holder)", "\(finished.errors)")
            }
            #expect(try victim.machine.weft("plan", victim.file, "--host", "A").status == 0)
        }
    }

    @Test func `the lock of a holder that is killed is free`() throws {
        try holding { holder in
            kill(holder, SIGKILL)
            let finished = try victim.machine.run([Weft.path] + victim.apply + ["--lock-timeout", "10s"])
            #expect(finished.status == 0, "\(finished.errors)")
            try victim.run(victim.destroy)
            #expect(try victim.leftovers.isEmpty)
        }
    }

    @Test func `who is to wait waits until the holder is gone`() throws {
        try holding { holder in
            let killer = try victim.machine.start(["sh", "-c", "sleep 0.5; kill -KILL \(holder); sleep 60"])
            let start = ContinuousClock.now
            let finished = try victim.machine.run([Weft.path] + victim.apply + ["--lock-timeout", "30s"])
            #expect(finished.status == 0, "\(finished.errors)")
            #expect((.milliseconds(300) ..< .seconds(20)).contains(ContinuousClock.now - start))
            extendLifetime(killer)
        }
    }

    @Test(arguments: ["apply", "destroy"])
    func `who is to wait gives up in the end`(_ command: String) throws {
        try holding { _ in
            let start = ContinuousClock.now
            let arguments = command == "apply" ? victim.apply : victim.destroy
            let finished = try victim.machine.run([Weft.path] + arguments + ["--lock-timeout", "300ms"])
            #expect(finished.status == 6)
            #expect(ContinuousClock.now - start >= .milliseconds(300))
        }
    }

    @Test func `a time without a unit is refused`() throws {
        let finished = try victim.machine.run([Weft.path] + victim.apply + ["--lock-timeout", "10"])
        #expect(finished.status == 64)
        #expect(finished.errors.contains("lock-timeout"))
    }
}
