import Compiler
import Foundation
import NetworkState
import TestSupport
import Testing

/// A machine on which runs of weft are killed, and what should become of it all the same.
final class Victim {
    let machine: Machine
    let file: String
    let host: String
    private let desired: HostState

    init(_ file: TopologyFile) throws {
        machine = try Machine()
        self.file = file.url.path
        let topology = try load(SourceText(name: file.name, text: try file.text))
        host = topology.hosts[0].name
        desired = topology.declaration(forHost: 0).state
        // So that what a switch sweeps away has to come back.
        try machine.script("for family in 4 6; do echo 1 > /proc/sys/net/ipv$family/conf/far/forwarding; done")
    }

    var apply: [String] { ["apply", file, "--host", host] }
    var destroy: [String] { ["destroy", "--host", host] }

    /// Everything on the machine, with every setting that the topology has something to say of.
    var state: HostState {
        get throws {
            let names = try FileManager.default.contentsOfDirectory(atPath: machine.path(of: "/run/netns"))
            return try machine.namespacesFromOutside.state(of: names, desired)
        }
    }

    /// What runs have left in files, but for the lock, which stays.
    var leftovers: [String] {
        get throws {
            let ledgers = try FileManager.default.contentsOfDirectory(atPath: machine.path(of: "/run/weft"))
            let names = try FileManager.default.contentsOfDirectory(atPath: machine.path(of: "/run/netns"))
            return ledgers.filter { $0 != "\(host).lock" } + names
        }
    }

    /// As the standard tools print it.
    var dump: String {
        get throws {
            let inside = try machine.namespaces.map { "\($0):\n" + (try machine.dump(netns: $0)) }
            return try machine.dump() + inside.joined()
        }
    }

    func run(_ command: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let finished = try machine.run([Weft.path] + command)
        try #require(finished.status == 0, "\(command): \(finished.errors)", sourceLocation: sourceLocation)
    }

    /// Runs `command` and kills it as one of its threads is about to do its `count`th system call `call`; false if it has
    /// come to its end without.
    ///
    /// What is sent, its first thread sends, save what libnftables does.
    func kills(_ command: [String], at call: String, number count: Int) throws -> Bool {
        // Without strace's --seccomp-bpf: with it, version 6.1 injects a signal into a first call only.
        let trace = (call == "sendto" ? [] : ["-f"]) + ["-qq", "-o", "/dev/null", "-e", "trace=\(call)"]
        let injection = ["-e", "inject=\(call):signal=SIGKILL:when=\(count)"]
        let finished = try machine.run(["strace"] + trace + injection + [Weft.path] + command)
        if finished.status == 0 { return false }
        try #require(finished.status == 128 + SIGKILL, "\(command): \(finished.errors)")
        return true
    }
}

extension Trait where Self == ConditionTrait {
    /// For tests that kill a process at a chosen moment.
    static var tracing: Self {
        .enabled("needs strace, and a kernel that lets this user trace (scripts/packages.sh test)") {
            try run(["strace", "-qq", "-o", "/dev/null", "true"]).status == 0
        }
    }
}
