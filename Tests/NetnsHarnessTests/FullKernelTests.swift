import Applier
import Compiler
import Netlink
import NetnsHarness
import NetworkState
import TestSupport
import Testing

/// Kernels' own tunnels, made by `ip`: where these fail, no tunnel of weft's can work.
@Suite(.namespaces)
struct FullKernelTests {
    @Test(.needs(.ipip)) func `a ping crosses an ipip tunnel as IP in IP`() throws {
        let network = try ProbeNetwork(["a", "b"])
        try network.join(("a", "eth0", ["10.0.0.1/24"]), ("b", "eth0", ["10.0.0.2/24"]))
        for (name, own, other) in [("a", 1, 2), ("b", 2, 1)] {
            try network.run(
                in: name,
                """
                ip link add tunnel type ipip local 10.0.0.\(own) remote 10.0.0.\(other)
                ip address add 172.17.0.\(own)/24 dev tunnel
                ip link set tunnel up
                """)
        }
        let nodes = [("a", "172.17.0.1"), ("b", "172.17.0.2")].map {
            ProbeNode(name: $0, addresses: [address($1)])
        }
        var capture = try PacketSocket.open(on: "eth0", in: network["b"].namespace)
        let probe = Probe(from: "a", to: "b", address: address("172.17.0.2"), protocol: .icmp)
        #expect(try network.prober(nodes).run([probe]).map(\.isReachable) == [true])

        var protocols: [UInt8] = []
        while protocols.count < 2, let frame = try capture.receive(until: .now + .seconds(2)) {
            // Of IPv4 (ethertype 0x0800); the protocol is the header's tenth byte.
            if frame.bytes.count > 34, frame.bytes[12] == 8, frame.bytes[13] == 0 { protocols.append(frame.bytes[23]) }
        }
        #expect(protocols == [4, 4])
    }

    @Test(.needs(.netem)) func `an impaired wire delays, loses and slows down each way, and is cleared`() throws {
        try TestLab.with(TopologyFile("calico-two-hosts")) { lab in
            let wire = try #require(lab.topology.wire(at: "A", LinkName(known: "eth0")))
            try lab.impair(wire, Impairment(delay: .milliseconds(60)))
            // A1 comes through both ends of A's wire, which is no wire of A1's to A2.
            #expect(try roundTrip(from: "A1", to: "172.17.9.2", in: lab) >= 120)
            #expect(try roundTrip(from: "A1", to: "172.17.8.3", in: lab) < 60)
            try lab.impair(wire, Impairment(loss: 1))
            #expect(try lab.run(in: "A1", "ping", "-c", "2", "-i", "0.2", "-W", "1", "172.17.9.2").status == 1)
            // A kilobyte takes 80 ms, each way.
            try lab.impair(wire, Impairment(rate: 100_000))
            #expect(try roundTrip(from: "A1", to: "172.17.9.2", size: 1000, in: lab) >= 160)
            try lab.clearImpairment(of: wire)
            #expect(try roundTrip(from: "A1", to: "172.17.9.2", size: 1000, in: lab) < 60)
            try lab.expectProven()
        }
    }

    /// The shortest of some, in milliseconds: in User-mode Linux one may take long for no reason.
    private func roundTrip(from node: String, to address: String, size: Int = 56, in lab: Lab) throws -> Double {
        let ping = try lab.run(in: node, "ping", "-c", "5", "-i", "0.2", "-s", "\(size)", address).output
        let times = ping.matches(of: #/time=([\d.]+) ms/#).compactMap { Double($0.1) }
        return try #require(times.min(), "\(ping)")
    }
}
