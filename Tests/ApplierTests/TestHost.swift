import Applier
import Netlink
import NetworkState
import Synchronization
import TestSupport

/// A host with a namespace and containers of its own, with an uplink to a wire that nobody listens on.
///
/// Its names are unique, because tests run at the same time and `ip netns` knows one directory only.
final class TestHost {
    private static let count = Atomic(0)
    private static let directory = NetnsDirectory()

    let name: String
    private let wire: String

    init() throws {
        let number = Self.count.add(1, ordering: .relaxed).newValue
        name = "host\(number)"
        wire = "wire\(number)"
        try run("ip netns add \(name)")
        try run("ip netns add \(wire)")
        try ip(
            "link set lo up", "link add name eth0 address 02:00:00:00:00:01 type veth peer name port netns \(wire)",
            "link set dev eth0 addrgenmode none", "link set dev eth0 up",
            "address add 192.168.100.100/24 dev eth0"
        )
        try run("ip -n \(wire) link set dev port up")
    }

    deinit {
        for name in (try? Self.directory.list()) ?? [] where name.hasPrefix("\(self.name)-") || name == self.name {
            try? Self.directory.remove(name)
        }
        try? Self.directory.remove(wire)
    }

    var namespaces: HostNamespaces { HostNamespaces(own: .named(name)) }

    /// The namespace of one of its containers.
    func container(_ container: String) -> Netns { .named("\(name)-\(container)") }

    /// Runs each of `commands` as `ip COMMAND` in the host's own namespace.
    func ip(_ commands: String...) throws { try shell(commands.map { "ip \($0)" }) }

    /// Runs `commands` in the host's own namespace, as a reader of a plan would.
    func shell(_ commands: [String]) throws {
        let script = commands.joined(separator: "\n").replacing("'", with: "'\\''")
        try run("nsenter --net=/run/netns/\(name) sh -ec '\(script)'")
    }

    /// Everything in the host's namespaces, with the settings that `interest` names.
    func state(_ interest: HostState = HostState()) throws -> HostState {
        try namespaces.state(of: Self.directory.list().filter { $0.hasPrefix("\(name)-") }, interest)
    }
}

struct CommandFailure: Error {
    let command: String
    let output: String
}

/// Runs `command` in a shell and fails with what it printed if it fails.
func run(_ command: String) throws {
    let finished = try TestSupport.run(["sh", "-ec", command])
    guard finished.status == 0 else {
        throw CommandFailure(command: command, output: finished.output + finished.errors)
    }
}
