import Compiler
import Foundation
import Netlink
import NetnsHarness
import NetworkState
import Testing

/// Nameless namespaces that tests wire with the real `ip`; gone with the value.
final class ProbeNetwork: Sendable {
    /// An array's element may not be noncopyable.
    final class Node: Sendable {
        let name: String
        let namespace: NetworkNamespace

        init(_ name: String) throws {
            self.name = name
            namespace = try NetworkNamespace()
        }

        var descriptor: Int32 { namespace.descriptor.rawValue }

        /// Where `ip` finds the namespace: `ip link set NAME netns PATH`.
        var path: String { "/proc/\(getpid())/fd/\(descriptor)" }
    }

    let nodes: [Node]

    init(_ names: [String]) throws {
        nodes = try names.map(Node.init)
    }

    subscript(name: String) -> Node {
        guard let node = nodes.first(where: { $0.name == name }) else { preconditionFailure("no node \(name)") }
        return node
    }

    /// Runs a shell script inside a node's namespace.
    func run(in name: String, _ script: String) throws {
        let process = Process()
        let (input, errors) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/nsenter")
        process.arguments = ["--net=\(self[name].path)", "sh", "-e"]
        process.standardInput = input
        process.standardError = errors
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(script.utf8))
        try input.fileHandleForWriting.close()
        let said = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ScriptFailure(script: script, errors: String(decoding: said, as: UTF8.self))
        }
    }

    struct ScriptFailure: Error {
        let script: String
        let errors: String
    }

    /// Joins two nodes by a veth pair and gives each end its addresses.
    func join(
        _ left: (node: String, link: String, addresses: [String]),
        _ right: (node: String, link: String, addresses: [String])
    ) throws {
        try run(
            in: left.node,
            "ip link add \(left.link) type veth peer name \(right.link) netns \(self[right.node].path)")
        for end in [left, right] {
            let addresses = end.addresses.map { address in
                "ip address add \(address) dev \(end.link) \(address.contains(":") ? "nodad" : "")"
            }
            let links = ["ip link set lo up", "ip link set \(end.link) up"]
            try run(in: end.node, (links + addresses).joined(separator: "\n"))
        }
        try awaitCarriers(in: [left.node, right.node])
    }

    /// Waits until all veth links of `names` are up. A worker that does a hundred links a second tells them that
    /// they have a carrier, and until then what they send is dropped (`linkwatch_event` in net/core/link_watch.c).
    func awaitCarriers(in names: [String]) throws {
        for name in names {
            try run(
                in: name,
                "timeout 10 sh -c 'while ip -oneline link show type veth | grep -vq \"state UP\"; do :; done'")
        }
    }

    func prober(_ nodes: [ProbeNode]) throws -> Prober {
        try Prober(nodes: nodes, namespaces: nodes.map { self[$0.name].descriptor })
    }
}

func address(_ text: String) -> IPAddress {
    guard let address = IPAddress(parsing: text) else { preconditionFailure("\(text) is no address") }
    return address
}

extension ProbePatience {
    /// For failures, which take all attempts.
    static let short = ProbePatience(
        forAnswer: [.milliseconds(60), .milliseconds(60)], forSilence: [.milliseconds(60), .milliseconds(60)])
}
