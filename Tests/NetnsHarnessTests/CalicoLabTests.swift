import Compiler
import Foundation
import Netlink
import NetworkState
import TestSupport
import Testing

@testable import NetnsHarness

/// The lecture's network at work: what its packets look like, and how soon the first one is answered.
@Suite(.namespaces)
struct CalicoLabTests {
    private func withLab(_ file: String = "calico-two-hosts", _ body: (Lab) throws -> Void) throws {
        try TestLab.with(TopologyFile(file), body)
    }

    /// The first ping from `name` in this lab, to an address of `family` that `other` has.
    private func ping(
        from name: String, to other: String, _ family: IPAddress.Family = .v4, in lab: Lab
    ) throws -> ProbeOutcome {
        let nodes = try [name, other].map { name in
            let node = try #require(lab.nodes.first { $0.name == name })
            return ProbeNode(name: name, addresses: node.addresses)
        }
        let namespaces = try lab.directory.hold([name, other])
        return try withExtendedLifetime(namespaces) {
            let prober = try Prober(nodes: nodes, namespaces: namespaces.descriptors)
            let address = try #require(nodes[1].addresses.first { $0.family == family })
            let probe = Probe(from: name, to: other, address: address, protocol: .icmp)
            return try #require(try prober.run([probe]).first)
        }
    }

    /// With the kernel's default of `proxy_delay` it takes 200 to 700 ms, and in IPv6 with duplicate address detection
    /// more than a second. On a machine that is busy with other tests one ping may be late for its own reasons, so several
    /// labs get a chance.
    @Test(arguments: [
        ("calico-two-hosts", IPAddress.Family.v4), ("calico-dual-stack", .v4), ("calico-dual-stack", .v6),
        ("calico-ipv6", .v6),
    ])
    func `a container's first ping is answered within 20 milliseconds`(
        _ file: String, _ family: IPAddress.Family
    ) throws {
        var slowest: [Int] = []
        for _ in 0..<8 {
            try withLab(file) { lab in
                let times = try [("A1", "B1"), ("B2", "A2")].map { from, to in
                    let outcome = try ping(from: from, to: to, family, in: lab)
                    return try #require(outcome.roundTripMicroseconds, "\(outcome.cause ?? "")")
                }
                slowest.append(times.max() ?? .max)
            }
            if slowest.contains(where: { $0 <= 20_000 }) { break }
        }
        #expect(slowest.contains { $0 <= 20_000 }, "\(slowest)")
    }

    @Test func `between the hosts goes plain ICMP with the containers' own addresses`() throws {
        try withLab { lab in
            let host = try lab.directory.open("A")
            var capture = try PacketSocket.open(on: "eth0", in: host)
            #expect(try ping(from: "A1", to: "B1", in: lab).isReachable)
            let (a1, b1) = (
                try #require(IPAddress(parsing: "172.17.8.2")), try #require(IPAddress(parsing: "172.17.9.2"))
            )
            var packets: [Packet] = []
            let deadline = MonotonicTime.now + .seconds(5)
            while packets.count < 2, let captured = try capture.receive(until: deadline) {
                // The kernel joins its own groups (IGMP) whenever it likes.
                guard let frame = Frame(decoding: captured.bytes), case .ip(let packet) = frame.payload,
                    !packet.destination.isMulticast
                else { continue }
                packets.append(packet)
            }
            try #require(packets.count == 2)
            #expect(packets.map(\.source) == [a1, b1])
            #expect(packets.map(\.destination) == [b1, a1])
            // Each has been forwarded by the host of the container it came from, and by nothing else.
            #expect(packets.map(\.timeToLive) == [63, 63])
            for packet in packets {
                guard case .icmp = packet.transport else {
                    Issue.record("not plain ICMP: \(packet)")
                    continue
                }
            }
        }
    }

    @Test func `a lab that is down leaves no namespace and no ledger`() throws {
        let source = SourceText(name: "two.json", text: try TopologyFile("calico-two-hosts").text)
        let folder = "/run/weft-\(UUID().uuidString)"
        let lab = Lab(
            try load(source), source: source, directory: NetnsDirectory("\(folder)/netns"),
            stateDirectory: "\(folder)/state")
        try lab.up()
        #expect(try lab.directory.list().count == 8)
        try lab.down()
        #expect(try lab.directory.list().isEmpty)
        #expect(try listDirectory("\(folder)/state").filter { $0.hasSuffix(".json") }.isEmpty)
    }
}
