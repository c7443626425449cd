import Foundation
import Netlink
import NetworkState
import TestSupport
import Testing

/// However a run is killed, the next does what that one was to do, and destroying leaves nothing.
///
/// A process is killed as it enters a system call, which the kernel then does not carry out any more: at the k-th send it
/// has done k-1.
@Suite(.namespaces, .tracing)
struct CrashTests {
    /// System calls by which more than the kernel's tables change, or on which a change depends.
    private static let otherCalls = [
        "sendmsg", "write", "rename", "unlink", "mkdir", "mount", "umount2", "unshare", "setns", "ioctl", "fsync",
    ]
    private static let few = TopologyFile.runnableHere.filter {
        ["calico-two-hosts", "flannel-udp", "docker-nat"].contains($0.name)
    }

    @Test(arguments: TopologyFile.runnableHere)
    func `every topology is applied although the run before was killed, at whichever send`(_ file: TopologyFile) throws
    {
        let victim = try Victim(file)
        let start = try victim.dump
        let sends = try killing(victim.apply, of: victim, at: "sendto")
        #expect(sends > 10)

        // Once more, held against what other tools see.
        try victim.run(victim.apply)
        let applied = try victim.dump
        try victim.run(victim.destroy)
        try expectSame(victim.dump, start)
        #expect(try victim.kills(victim.apply, at: "sendto", number: sends * 2 / 3))
        try victim.run(victim.apply)
        try expectSame(victim.dump, applied)
    }

    @Test(arguments: few, otherCalls)
    func `a run is mended that was killed at whichever other call`(_ file: TopologyFile, _ call: String) throws {
        let victim = try Victim(file)
        try killing(victim.apply, of: victim, at: call)
    }

    @Test(arguments: few, ["sendto"] + otherCalls)
    func `what was killed while it destroyed is destroyed`(_ file: TopologyFile, _ call: String) throws {
        let victim = try Victim(file)
        try killing(victim.destroy, of: victim, at: call) { try victim.run(victim.apply) }
    }

    /// Kills `command` at its first `call`, then at its second, until it comes to its end alive, and each time has another
    /// run do what it should have done; gives the number of calls.
    @discardableResult
    private func killing(
        _ command: [String], of victim: Victim, at call: String, prepare: () throws -> Void = {}
    ) throws -> Int {
        let start = try victim.state
        try prepare()
        let prepared = try victim.state
        try victim.run(command)
        let goal = try victim.state
        try clear(victim, to: start, "undisturbed")
        var isPrepared = false
        for number in stride(from: 1, to: Int.max, by: Self.step(victim)) {
            if !isPrepared { try prepare() }
            let isKilled = try victim.kills(command, at: call, number: number)
            let place = "\(call) number \(number)"
            // Who has no journal has changed nothing yet, or everything.
            let isCutShort = try victim.leftovers.contains("\(victim.host).journal")
            isPrepared = try isKilled && !isCutShort && victim.state == prepared
            if isPrepared { continue }
            if !isCutShort { try expect(victim, goal, place) }
            if isKilled { try victim.run(command) }
            try expect(victim, goal, place)
            try clear(victim, to: start, place)
            if !isKilled { return number - 1 }
        }
        return 0
    }

    /// User-mode Linux is slow: one call in seven there; an ordinary user's runs make the same calls as root's: one in five; and what
    /// three topologies are tried with at every call, the others are at one in three. Primes, so that no pattern of calls is always
    /// missed.
    private static func step(_ victim: Victim) -> Int {
        if ThisKernel.isFull { return 7 }
        if !isRoot { return 5 }
        return few.contains { $0.url.path == victim.file } ? 1 : 3
    }

    private static var isRoot: Bool { (try? readFile("/proc/self/uid_map"))?.contains("4294967295") ?? false }

    /// Destroys, as far as that has not been done, and expects that nothing remains.
    private func clear(_ victim: Victim, to start: HostState, _ place: String) throws {
        if try !victim.leftovers.isEmpty { try victim.run(victim.destroy) }
        try expect(victim, start, place)
        #expect(try victim.leftovers.isEmpty, "at \(place)")
    }

    private func expect(_ victim: Victim, _ state: HostState, _ place: String) throws {
        let found = try victim.state
        if found != state { expectSameLines(found.json.text, state.json.text, "at \(place)") }
    }
}
