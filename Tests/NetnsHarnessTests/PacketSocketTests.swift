import Compiler
import Foundation
import Netlink
import NetnsHarness
import NetworkState
import TestSupport
import Testing

@Suite(.namespaces)
struct PacketSocketTests {
    private func pair() throws -> ProbeNetwork {
        let network = try ProbeNetwork(["a", "b"])
        try network.join(("a", "eth0", ["10.0.0.1/24"]), ("b", "eth0", ["10.0.0.2/24"]))
        return network
    }

    @Test func `a ping is seen on the wire with both addresses, in both directions and in order`() throws {
        let network = try pair()
        let nodes = [("a", "10.0.0.1"), ("b", "10.0.0.2")].map { ProbeNode(name: $0, addresses: [address($1)]) }
        var capture = try PacketSocket.open(on: "eth0", in: network["b"].namespace)
        let start = MonotonicTime.now
        let probe = Probe(from: "a", to: "b", address: address("10.0.0.2"), protocol: .icmp)
        #expect(try network.prober(nodes).run([probe]).map(\.isReachable) == [true])

        var pings: [(frame: CapturedFrame, packet: Packet)] = []
        while pings.count < 2, let frame = try capture.receive(until: .now + .seconds(2)) {
            if case .ip(let packet)? = Frame(decoding: frame.bytes)?.payload, packet.source.family == .v4 {
                pings.append((frame, packet))
            }
        }
        try #require(pings.count == 2)
        #expect(pings.map(\.frame.direction) == [.incoming, .outgoing])
        #expect(pings.map(\.packet.source) == [address("10.0.0.1"), address("10.0.0.2")])
        #expect(pings.map(\.packet.destination) == [address("10.0.0.2"), address("10.0.0.1")])
        let types = pings.map { ping -> UInt8? in
            if case .icmp(let type, _, _, _) = ping.packet.transport { type } else { nil }
        }
        #expect(types == [8, 0])
        let times = [start] + pings.map(\.frame.time) + [.now]
        #expect(times == times.sorted())
    }

    @Test func `waiting for a frame ends at the deadline`() throws {
        let network = try pair()
        var capture = try PacketSocket.open(on: "eth0", in: network["b"].namespace)
        let deadline = MonotonicTime.now + .milliseconds(30)
        // IPv6 has something to say when a link comes up.
        while try capture.receive(until: deadline) != nil {}
        #expect((deadline..<(deadline + .seconds(1))).contains(.now))
        // Without its namespaces the link would have gone down before.
        withExtendedLifetime(network) {}
    }

    @Test func `a link that goes away is told, not waited for`() throws {
        let network = try pair()
        var capture = try PacketSocket.open(on: "eth0", in: network["b"].namespace)
        try network.run(in: "b", "ip link del eth0")
        #expect(throws: SystemError.self) {
            while try capture.receive(until: .now + .seconds(5)) != nil {}
        }
    }

    @Test func `a link that is not there is named`() throws {
        let network = try pair()
        do throws(SystemError) {
            _ = try PacketSocket.open(on: "eth7", in: network["b"].namespace)
            Issue.record("a packet socket on no link")
        } catch {
            #expect(error.description == "find link 'eth7': No such device")
        }
    }
}
