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
        try network.awaitCarriers(in: network.nodes.map(\.name))
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

    /// Calico's way: each container has a /32 and a gateway that its host answers for by proxy ARP.
    private func routed(_ count: Int) throws -> (network: ProbeNetwork, nodes: [ProbeNode]) {
        let nodes = (1...count).map { index in
            ProbeNode(name: "c\(index)", addresses: [IPAddress(v4: 0xac11_0800 + UInt32(index))], host: "h")
        }
        let network = try ProbeNetwork(["h"] + nodes.map(\.name))
        // A namespace without any IPv4 address, of which lo has one, takes all neighbours for broadcast addresses
        // (`__inet_dev_addr_type` in net/ipv4/fib_frontend.c); and the kernel answers ARP requests for others only if it
        // has a route to them.
        var script = """
            ip link set lo up
            echo 1 > /proc/sys/net/ipv4/ip_forward
            ip link add out up type bridge
            ip route add default dev out

            """
        for (index, node) in nodes.enumerated() {
            script += """
                ip link add p\(index) up type veth peer name eth0 netns \(network[node.name].path)
                echo 1 > /proc/sys/net/ipv4/conf/p\(index)/proxy_arp
                echo 0 > /proc/sys/net/ipv4/neigh/p\(index)/proxy_delay
                ip route add \(node.addresses[0]) dev p\(index)

                """
        }
        try network.run(in: "h", script)
        for node in nodes {
            try network.run(
                in: node.name,
                """
                ip link set eth0 up
                ip address add \(node.addresses[0])/32 dev eth0
                ip route add 169.254.1.1 dev eth0
                ip route add default via 169.254.1.1
                """)
        }
        try network.awaitCarriers(in: network.nodes.map(\.name))
        return (network, nodes)
    }

    @Test func `nothing is lost while neighbours are being resolved`() throws {
        let (network, nodes) = try routed(60)
        let probes = PairSelection(hosts: nodes.map { _ in 0 }).pairs.flatMap { pair in
            ProbeProtocol.allCases.map { kind in
                let (from, to) = (nodes[pair.from], nodes[pair.to])
                return Probe(from: from.name, to: to.name, address: to.addresses[0], protocol: kind)
            }
        }
        let outcomes = try network.prober(nodes).run(probes)
        #expect(outcomes.count { $0.isReachable } == 60 * 59 * 3)
        #expect(outcomes.count { $0.attempts == 1 } == 60 * 59 * 3)
        #expect(outcomes.allSatisfy { $0.translatedSource == nil })
    }

    @Test func `thousands of probes that get no answer are waited for together`() throws {
        let (network, nodes) = try routed(40)
        let probes = PairSelection(hosts: nodes.map { _ in 0 }).pairs.flatMap { pair in
            ProbeProtocol.allCases.map { kind in
                // Nobody has these.
                let target = IPAddress(v4: 0xac11_0900 + UInt32(pair.to))
                return Probe(
                    from: nodes[pair.from].name, to: nodes[pair.to].name, address: target, protocol: kind,
                    expected: false)
            }
        }
        let start = ContinuousClock.now
        let outcomes = try network.prober(nodes).run(probes)
        #expect(outcomes.allSatisfy { $0.isAsExpected && $0.attempts == 3 && $0.cause == "no answer" })
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    /// Four thousand descriptors: tests that run beside this one need some as well.
    @Test func `four hundred namespaces have sockets of every kind`() throws {
        let nodes = (0..<400).map { ProbeNode(name: "n\($0)", addresses: []) }
        let network = try ProbeNetwork(nodes.map(\.name))
        let prober = try network.prober(nodes)
        let probes = nodes.flatMap { node in
            ["127.0.0.1", "::1"].flatMap { target in
                ProbeProtocol.allCases.map {
                    Probe(from: node.name, to: node.name, address: address(target), protocol: $0, expected: false)
                }
            }
        }
        // The loopback link is down in a new namespace.
        let outcomes = try prober.run(probes)
        let causes = Dictionary(outcomes.map { ($0.cause, 1) }, uniquingKeysWith: +)
        #expect(causes == ["not sent: no route": 1_200, "not sent: Cannot assign requested address": 1_200])
    }
}
