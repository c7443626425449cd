package import Applier
import Foundation
package import Netlink

/// A machine to apply topologies to: a network and a mount namespace with an empty `/run` of its own, an `eth0` with an
/// address, and nothing else. It is gone when the value is.
package final class Machine: Sendable {
    private let anchor: Anchor

    /// `address` is `eth0`'s, with its prefix length.
    package init(address: String = "192.168.100.100/24") throws {
        anchor = try Anchor()
        // Every setting that a test relies on, as a new namespace may inherit the machine's.
        try script(
            """
            # With it goes what other tests have mounted there, which would go at any moment.
            umount --lazy /run
            mount -t tmpfs tmpfs /run
            mkdir /run/netns
            ip link set lo up
            ip link add eth0 address 02:00:00:00:00:01 type veth peer name far address 02:00:00:00:00:02
            ip link set dev eth0 addrgenmode none
            ip link set dev far addrgenmode none
            ip link set eth0 up
            ip link set far up
            # The kernel tells a carrier some time after, and a state that is compared with should have it.
            timeout 10 sh -c 'until [ "$(ip -oneline link show type veth up | grep -c "state UP")" = 2 ]; do :; done'
            ip address add \(address) dev eth0
            for key in all/forwarding all/rp_filter default/rp_filter; do
                echo 0 > /proc/sys/net/ipv4/conf/$key
            done
            # A kernel with ipip makes this link. The first time that it is up gives it a queue and IPv6 for good.
            if ip link show tunl0 >/dev/null 2>&1; then
                ip link set tunl0 up
                ip link set tunl0 down
            fi
            """)
    }

    /// Runs a program on this machine.
    @discardableResult
    package func run(_ arguments: String..., input: String = "") throws -> Finished {
        try run(arguments, input: input)
    }

    package func run(_ arguments: [String], input: String = "") throws -> Finished {
        try TestSupport.run(entrance + arguments, input: input)
    }

    /// What a command line begins with that is to run on this machine.
    var entrance: [String] {
        ["nsenter", "--mount=/proc/\(anchor.id)/ns/mnt", "--net=/proc/\(anchor.id)/ns/net", "--"]
    }

    /// Its namespaces as this process reaches them: to look at, for what is mounted here is not mounted there.
    package var namespacesFromOutside: HostNamespaces {
        let own = "../../proc/\(anchor.id)/ns/net"
        return HostNamespaces(own: .named(own), directory: path(of: "/run/netns"))
    }

    /// Where this process finds one of its files.
    package func path(of file: String) -> String { "/proc/\(anchor.id)/root\(file)" }

    /// Its network, to make or open something there.
    package func namespace() throws(SystemError) -> NetworkNamespace {
        try NetworkNamespace.open("/proc/\(anchor.id)/ns/net")
    }

    @discardableResult
    package func weft(_ arguments: String..., input: String = "") throws -> Finished {
        try run([Weft.path] + arguments, input: input)
    }

    /// Runs a shell script that must succeed.
    package func script(_ text: String) throws {
        let finished = try run("sh", "-eu", input: text)
        guard finished.status == 0 else { throw ScriptFailure(script: text, errors: finished.errors) }
    }

    /// All that a namespace holds, as the standard tools print it: the host's own, or a container's.
    package func dump(netns: String? = nil) throws -> String {
        let enter = netns.map { ["ip", "netns", "exec", $0] } ?? []
        // What nobody reads from loses its carrier a while after it has come up.
        _ = try eventually(within: 5) {
            try run(enter + ["ip", "-oneline", "link", "show", "type", "tun", "up"]).lines.allSatisfy {
                $0.contains("LOWER_UP") || $0.contains("NO-CARRIER")
            }
        }
        let commands = [
            ["ip", "-d", "link"], ["ip", "-d", "address"], ["ip", "-d", "route", "show", "table", "all"],
            ["ip", "-6", "-d", "route", "show", "table", "all"], ["ip", "neighbour"], ["ip", "rule"],
            ["ip", "-6", "rule"], ["ip", "tuntap"], ["bridge", "-d", "link"], ["bridge", "fdb"],
            ["nft", "-s", "list", "ruleset"],
            ["sysctl", "-a", "--pattern", #"^net\.ipv[46]\.(conf|neigh|ip_)"#],
        ]
        return try commands.map { command -> String in
            let text = StateDump.normalised(try run(enter + command).output)
            // A kernel lists the routes that it made by itself in the order in which it came to make them.
            let lines = text.split(separator: "\n")
            return (["$ \(command.joined(separator: " "))"[...]] + (command.contains("route") ? lines.sorted() : lines))
                .joined(separator: "\n") + "\n"
        }.joined()
    }

    /// All that is mounted.
    package var mounts: String {
        get throws { try run("cat", "/proc/self/mountinfo").output }
    }

    package var namespaces: [String] {
        get throws {
            try run("ip", "netns", "list").lines.map { String($0.prefix { $0 != " " }) }.sorted()
        }
    }
}

package struct ScriptFailure: Error, CustomStringConvertible {
    let script: String
    let errors: String

    package var description: String { "\(errors)in:\n\(script)" }
}

/// The process whose namespaces a machine's are.
private final class Anchor: @unchecked Sendable {
    private let process = Process()
    private let input: FileHandle

    var id: Int32 { process.processIdentifier }

    init() throws {
        process.executableURL = URL(filePath: "/usr/bin/env")
        // Not --fork: the anchor's number must be that of the process in the namespaces. It ends with its input.
        process.arguments = ["unshare", "--net", "--mount", "sh", "-c", "echo ready; exec cat"]
        let pipes = try Spawning.start(process)
        input = pipes.input.fileHandleForWriting
        _ = pipes.output.fileHandleForReading.availableData
    }

    deinit {
        try? input.close()
        process.waitUntilExit()
    }
}

/// What differs between two machines in the same state, taken out.
package enum StateDump {
    package static func normalised(_ text: String) -> String {
        var lines: [String] = []
        for line in text.split(separator: "\n") {
            // Counters, times and numbers that the kernel deals out.
            if line.contains("valid_lft") || line.contains(".ip_local_port") { continue }
            lines.append(
                String(line).replacing(#/^\d+: /#, with: "").replacing(#/@if\d+/#, with: "@if")
                    .replacing(#/link-netnsid \d+/#, with: "link-netnsid")
                    .replacing(#/link-netns \S+/#, with: "link-netns")
                    // Of a pair, which uses one of them (docs/decisions/0022-pairs-have-one-queue.md).
                    .replacing(#/num[rt]xqueues \d+/#, with: "")
                    // Of bridges and their ports, running down.
                    .replacing(#/_timer +\S+/#, with: "_timer")
                    .replacing(#/ (used|ref|confirmed|expires) \S+/#, with: ""))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
