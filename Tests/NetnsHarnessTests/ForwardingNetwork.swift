import Compiler
import Foundation
import Netlink
import NetnsHarness
import NetworkState
import TestSupport
import Testing

/// Two hosts `a` and `b` with a container each, `a1` and `b1`, joined by a wire and by Flannel's UDP mode, all of it set
/// up by the standard tools but the forwarders.
final class ForwardingNetwork: Sendable {
    let network: ProbeNetwork
    private let topology: URL

    init() throws {
        network = try ProbeNetwork(["a1", "a", "b", "b1"])
        topology = URL(filePath: "/tmp/weft-\(UUID().uuidString).json")
        try writeTopology(Self.wholeTopology)
        try network.join(("a", "eth0", ["192.168.100.100/24"]), ("b", "eth0", ["192.168.100.101/24"]))
        for (host, block) in [("a", 8), ("b", 9)] {
            try network.join((host, "veth1", []), ("\(host)1", "eth0", ["172.17.\(block).2/32"]))
            try network.run(
                in: host,
                """
                ip link set dev veth1 address ee:ee:ee:ee:ee:ee
                ip route add 172.17.\(block).2 dev veth1
                ip tuntap add dev flannel0 mode tun
                ip address add 172.17.\(block).0/32 dev flannel0
                ip link set flannel0 mtu 1472 up
                ip route add 172.17.0.0/16 dev flannel0
                sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 \
                    net.ipv4.conf.flannel0.rp_filter=0 net.ipv4.conf.veth1.rp_filter=0 net.ipv4.ip_forward=1
                """)
            try network.run(
                in: "\(host)1",
                """
                ip neighbour add 169.254.1.1 dev eth0 lladdr ee:ee:ee:ee:ee:ee
                ip route add 169.254.1.1 dev eth0
                ip route add default via 169.254.1.1
                """)
        }
    }

    deinit {
        try? FileManager.default.removeItem(at: topology)
    }

    static let wholeTopology = topologyText(hosts: [host("a", 100, 8), host("b", 101, 9)])
    static let lonelyTopology = topologyText(hosts: [host("a", 100, 8)])

    private static func host(_ name: String, _ address: Int, _ block: Int) -> String {
        """
        { "name": "\(name)", "links": [{ "segment": "lan", "address": "192.168.100.\(address)" }],
          "subnet": "172.17.\(block).0/24", "containers": [{ "name": "\(name)1", "address": "172.17.\(block).2" }] }
        """
    }

    private static func topologyText(hosts: [String]) -> String {
        """
        { "version": 1, "network": { "profile": "flannel-udp", "pools": ["172.17.0.0/16"] },
          "segments": [{ "name": "lan", "subnet": "192.168.100.0/24" }], "hosts": [\(hosts.joined(separator: ","))] }
        """
    }

    func writeTopology(_ text: String) throws {
        try text.write(to: topology, atomically: true, encoding: .utf8)
    }

    /// `weft forward`'s words on a host, to be run there with no more than contrib/weft-forward@.service grants.
    func command(host: String) -> [String] {
        [
            "nsenter", "--net=\(network[host].path)", "setpriv", "--bounding-set=-all,+net_admin,+net_raw",
            "--no-new-privs",
            Weft.path, "forward", topology.path, "--host", host,
        ]
    }

    func startForwarder(on host: String) throws -> ForwarderProcess {
        let process = try ForwarderProcess(command(host: host))
        try process.awaitLine("forwarding between flannel0 and 192.168.100.\(host == "a" ? 100 : 101) port 8285")
        return process
    }

    func ping(from: String, to destination: String) throws -> Bool {
        let nodes = ["a1", "b1"].map {
            ProbeNode(name: $0, addresses: [address($0 == "a1" ? "172.17.8.2" : "172.17.9.2")])
        }
        let target = destination == "172.17.8.2" ? "a1" : "b1"
        let probe = Probe(from: from, to: target, address: address(destination), protocol: .icmp)
        return try network.prober(nodes).run([probe]).allSatisfy(\.isReachable)
    }

    /// Whether a process is attached to a host's TUN link: it has a carrier then.
    func isAttached(_ host: String) throws -> Bool {
        try run(["nsenter", "--net=\(network[host].path)", "ip", "-oneline", "link", "show", "flannel0"]).output
            .contains("LOWER_UP")
    }

    /// Sends each of `payloads`, as hexadecimal digits, from a host's address and a port to the other host's forwarder.
    func send(_ payloads: [String], from host: String, port: Int) throws {
        let (own, other) = host == "a" ? (100, 101) : (101, 100)
        try network.run(
            in: host,
            """
            python3 - <<'END'
            import socket
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.bind(("192.168.100.\(own)", \(port)))
            for payload in "\(payloads.joined(separator: " "))".split(" "):
                s.sendto(bytes.fromhex(payload), ("192.168.100.\(other)", 8285))
            END
            """)
    }
}

/// A forwarder that runs beside the test.
final class ForwarderProcess: @unchecked Sendable {
    private let process = Process()
    private let output: URL
    private let errors: URL

    init(_ command: [String]) throws {
        let base = "/tmp/weft-\(UUID().uuidString)"
        (output, errors) = (URL(filePath: "\(base).out"), URL(filePath: "\(base).err"))
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        for file in [output, errors] { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        if process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        for file in [output, errors] { try? FileManager.default.removeItem(at: file) }
    }

    var errorText: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    func awaitLine(_ line: String) throws {
        let isThere = try eventually {
            try String(contentsOf: output, encoding: .utf8).contains(line + "\n") || !process.isRunning
        }
        #expect(isThere && process.isRunning, "\(errorText)")
    }

    /// How it ended, once it has; nil if it does not.
    func exitStatus() -> Int32? {
        guard eventually({ !process.isRunning }) else { return nil }
        return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    }

    /// The counters that were printed last, on the `count`th line of errors.
    func counters(onLine count: Int) throws -> [String: Int] {
        _ = eventually { errorText.split(separator: "\n").count >= count }
        let line = try #require(errorText.split(separator: "\n").last)
        let json = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
        let dropped = json["dropped"] as? [String: Int] ?? [:]
        return json.compactMapValues { $0 as? Int }.merging(dropped) { $1 }
    }
}
