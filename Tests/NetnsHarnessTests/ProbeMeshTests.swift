import Compiler
import NetnsHarness
import NetworkState
import TestSupport
import Testing

@Suite(.namespaces)
struct ProbeMeshTests {
    /// Nodes on one bridge that know each other's link-layer addresses for good, since the kernel's table of learnt
    /// ones holds 1,024 for all namespaces together (`gc_thresh3`).
    private func bridged(_ count: Int) throws -> (network: ProbeNetwork, nodes: [ProbeNode]) {
        let nodes = (1...count).map { index in
            ProbeNode(name: "n\(index)", addresses: [IPAddress(v4: 0x0a00_0000 + UInt32(index))], host: "h")
        }
        let network = try ProbeNetwork(["switch"] + nodes.map(\.name))
        let mac = { (index: Int) in "02:00:00:00:00:\(index < 16 ? "0" : "")\(String(index, radix: 16))" }
        var script = "ip link add br0 type bridge\nip link set br0 up\n"
        for (index, node) in nodes.enumerated() {
            script += """
                ip link add p\(index) up master br0 type veth \
                peer name eth0 address \(mac(index + 1)) netns \(network[node.name].path)

                """
        }
        try network.run(in: "switch", script)
        for (index, node) in nodes.enumerated() {
            let others = nodes.indices.filter { $0 != index }.map { other in
                "neighbour add \(nodes[other].addresses[0]) lladdr \(mac(other + 1)) dev eth0 nud permanent"
            }
            let commands = ["link set eth0 up", "address add \(node.addresses[0])/16 dev eth0"] + others
            try network.run(in: node.name, "ip -batch - <<END\n\(commands.joined(separator: "\n"))\nEND\n")
        }
        return (network, nodes)
    }

    @Test func `a hundred nodes on a bridge all answer each other, each at the first attempt`() throws {
        let (network, nodes) = try bridged(100)
        let prober = try network.prober(nodes)
        for kind in ProbeProtocol.allCases {
            let probes = nodes.flatMap { from in
                nodes.filter { $0 != from }.map {
                    Probe(from: from.name, to: $0.name, address: $0.addresses[0], protocol: kind)
                }
            }
            let outcomes = try prober.run(probes)
            #expect(outcomes.count { $0.isReachable } == 9_900)
            #expect(outcomes.count { $0.attempts == 1 } == 9_900)
        }
    }
}
