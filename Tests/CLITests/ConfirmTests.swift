import Foundation
import TestSupport
import Testing

/// Applies that are taken back unless somebody confirms them.
@Suite(.namespaces)
struct ConfirmTests {
    private let machine: Machine
    private let before: String
    private let topology = TopologyFile("calico-two-hosts").url.path
    private let peer = "192.168.100.101"

    init() throws {
        machine = try Machine()
        // Who answers is on the wire's other end, in a namespace of its own.
        try machine.script(
            """
            ip netns add peer
            ip link set far netns peer
            ip -n peer link set far up
            ip -n peer address add \(peer)/24 dev far
            mkdir -p /run/weft
            timeout 10 sh -c 'until ip -oneline link show dev eth0 | grep -q "state UP"; do :; done'
            """)
        before = try machine.dump()
    }

    @discardableResult
    private func apply(_ options: String...) throws -> Finished {
        try machine.run([Weft.path, "apply", topology, "--host", "A"] + options)
    }

    private func log() throws -> String { try machine.run("cat", "/run/weft/A.log").output }

    /// Whether an apply waits to be confirmed.
    private func isWaiting() throws -> Bool { try machine.run("test", "-e", "/run/weft/A.journal").status == 0 }

    /// Whether a process watches over it: whoever finds the lock free would have got it.
    private func isWatched() throws -> Bool {
        try machine.run("flock", "--nonblock", "/run/weft/A.guard.lock", "true").status != 0
    }

    @Test func `what nobody confirms is taken back, even if the terminal has gone`() throws {
        let script = "\"$0\" apply \"$1\" --host A --confirm 2s; kill -HUP 0"
        try machine.run("setsid", "--wait", "sh", "-c", script, Weft.path, topology)
        #expect(try isWaiting())
        #expect(try machine.namespaces == ["A1", "A2", "peer"])
        #expect(try eventually(within: 20) { try !isWaiting() })
        try expectSame(machine.dump(), before)
        #expect(try machine.namespaces == ["peer"])
        #expect(try eventually { try log().contains("host A: the last apply was not confirmed in time") })
        #expect(try eventually { try !isWatched() })
    }

    @Test func `what somebody confirms stays`() throws {
        let applied = try apply("--confirm", "100s")
        #expect(applied.status == 0)
        #expect(applied.errors.contains("weft confirm --host A keeps it"))
        let after = try machine.dump()
        #expect(try isWatched())
        // There is but one that waits.
        #expect(try machine.weft("confirm").output == "host A: the apply stays\n")
        #expect(try !isWaiting())
        #expect(try !isWatched())
        try expectSame(machine.dump(), after)
        #expect(try apply("--detailed-exitcode").status == 0)
        #expect(try machine.weft("confirm", "--host", "A").status == 1)
    }

    @Test func `what somebody does not want is taken back at once`() throws {
        try machine.script("ip route add 203.0.113.0/24 via 192.168.100.7 proto static")
        let start = try machine.dump()
        #expect(try apply().status == 0)
        let first = try machine.dump()
        #expect(try machine.weft("plan", topology, "--host", "A", "--exit-code").status == 0)
        let other = try TopologyFile("flannel-vxlan").text
        let changed = try machine.weft("apply", "-", "--host", "A", "--confirm", "100s", input: other)
        #expect(changed.status == 0, "\(changed.errors)")
        #expect(try machine.dump() != first)
        #expect(try machine.weft("rollback", "--host", "A").status == 0)
        try expectSame(machine.dump(), first)
        #expect(try !isWatched())
        #expect(try apply("--detailed-exitcode").status == 0)
        #expect(try machine.weft("destroy", "--host", "A").status == 0)
        try expectSame(machine.dump(), start)
        let again = try machine.weft("rollback", "--host", "A")
        #expect(again.status == 1)
        #expect(again.errors.contains("no apply to host A waits"))
    }

    @Test func `nothing else is applied in the meantime, and who waits is named`() throws {
        #expect(try apply("--confirm", "100s").status == 0)
        let waiting = try machine.dump()
        for command in [["apply", topology], ["destroy"]] {
            let refused = try machine.run([Weft.path] + command + ["--host", "A"])
            #expect(refused.status == 6)
            #expect(refused.errors.contains("apply \(topology) --host A --confirm 100s"), "\(refused.errors)")
            #expect(refused.errors.contains("weft rollback --host A"))
        }
        #expect(try machine.weft("plan", topology, "--host", "A", "--exit-code").status == 0)
        try expectSame(machine.dump(), waiting)
        #expect(try isWatched())
        #expect(try machine.weft("rollback").status == 0)
    }

    @Test func `what was to be reached decides`() throws {
        let kept = try apply("--confirm", "60s", "--confirm-if", "reach:\(peer)")
        #expect(kept.status == 0, "\(kept.errors)")
        #expect(try log().contains("the apply stays, as reach:\(peer) was seen to hold"))
        #expect(try !isWaiting())
        #expect(try machine.weft("destroy", "--host", "A").status == 0)

        let lost = try apply("--confirm", "1s", "--confirm-if", "reach:\(peer)", "--confirm-if", "reach:192.168.100.9")
        #expect(lost.status == 8)
        #expect(lost.errors.contains("has been taken back"))
        try machine.script("ip neighbour flush dev eth0")
        try expectSame(machine.dump(), before)
    }

    @Test func `an apply that fails is not watched over, and one that changes nothing neither`() throws {
        try machine.script("ip route add 172.17.9.0/24 via 192.168.100.55 dev eth0 proto static")
        #expect(try apply("--confirm", "100s").status == 7)
        #expect(try !isWaiting())
        try machine.script("ip route del 172.17.9.0/24")
        #expect(try apply().status == 0)
        #expect(try apply("--confirm", "100s").status == 0)
        #expect(try !isWaiting())
        #expect(try !isWatched())
    }

    @Test func `a plan that was saved can wait as well`() throws {
        #expect(try machine.weft("plan", topology, "--host", "A", "--out", "/run/A.plan").status == 0)
        #expect(try machine.weft("apply", "/run/A.plan", "--confirm", "100s").status == 0)
        #expect(try machine.weft("rollback").status == 0)
        try expectSame(machine.dump(), before)
    }

    /// By strace, at one of the sends that change something. They are this thread's; whoever watches is not followed.
    private func killApply(_ options: String...) throws {
        let killed = try machine.run(
            [
                "strace", "-o", "/dev/null", "-e", "trace=sendto", "-e", "inject=sendto:signal=SIGKILL:when=20",
                Weft.path, "apply", topology, "--host", "A",
            ] + options)
        try #require(killed.status == 137, "\(killed.errors)")
        #expect(try machine.dump() != before)
    }

    @Test func `an apply that dies halfway is taken back when its time is up`() throws {
        try killApply("--confirm", "10s")
        #expect(try isWatched())
        #expect(try eventually(within: 60) { try !isWaiting() })
        try expectSame(machine.dump(), before)
    }

    @Test func `an apply that was cut short is told of, and can be finished or taken back`() throws {
        try killApply()
        let finished = try apply()
        #expect(finished.status == 0)
        #expect(finished.errors.contains("weft: the last apply to host A"))
        #expect(finished.errors.contains("was cut short"))
        #expect(!(try apply().errors.contains("was cut short")))
        #expect(try machine.weft("destroy", "--host", "A").status == 0)
        try expectSame(machine.dump(), before)

        try killApply()
        #expect(try machine.weft("rollback").status == 0)
        try expectSame(machine.dump(), before)
        #expect(try machine.run("find", "/run", "-name", "*.json", "-o", "-name", "*.journal").output.isEmpty)
    }

    @Test(arguments: [
        (["--confirm-if", "reach:10.0.0.1"], "--confirm-if goes with --confirm"),
        (["--confirm", "10s", "--confirm-if", "reach:nowhere"], "reach:nowhere"), (["--confirm", "soon"], "soon"),
        (["--confirm", "10ms"], "a second at least"),
    ])
    func `what cannot be meant is told`(_ options: [String], _ words: String) throws {
        let finished = try machine.run([Weft.path, "apply", topology, "--host", "A"] + options)
        #expect(finished.status == 64)
        #expect(finished.errors.contains(words), "\(finished.errors)")
    }
}
