import Compiler
import Netlink
import NetnsHarness
import NetworkState
import TestSupport
import Testing

@Suite(.namespaces)
struct PacketStreamTests {
    private static let names = ["A1", "B1"]

    /// Streams from A1 to B1, from B1 to A1, and from A1 to an address that nobody has, while `body` runs.
    private func stream(_ lab: Lab, during body: (PacketStream) throws -> Void) throws -> [PacketStream.Tally] {
        let addresses = try ["172.17.9.2", "172.17.8.2", "172.17.9.77"].map { try #require(IPAddress(parsing: $0)) }
        let ways = zip([0, 1, 0], addresses).map { PacketStream.Way(from: $0, to: $1) }
        let namespaces = try lab.directory.hold(Self.names)
        return try withExtendedLifetime(namespaces) {
            try PacketStream.run(ways, in: namespaces.descriptors, during: body)
        }
    }

    /// Waits for answers on both ways that lead somewhere.
    private func begin(_ stream: PacketStream) {
        #expect(eventually { [0, 1].allSatisfy { stream.firstAnswer(on: $0) != nil } })
    }

    @Test func `a quiet network loses nothing, and what nobody has is never answered`() throws {
        try TestLab.with(TopologyFile("calico-two-hosts")) { lab in
            let tallies = try stream(lab) { stream in
                begin(stream)
                let start = MonotonicTime.now
                #expect(eventually { MonotonicTime.now > start + .milliseconds(300) })
            }
            // Three hundred where the thread gets its turn each time; it does not make up for those that it misses.
            for tally in tallies { #expect(tally.sent >= 10) }
            #expect(tallies.map(\.lost) == [0, 0, tallies[2].sent])
            #expect(tallies[2].firstAnswer == nil)
        }
    }

    @Test func `what is sent before a way is open is not lost`() throws {
        try TestLab.with(TopologyFile("calico-two-hosts")) { lab in
            try lab.script(in: "B", "echo 0 > /proc/sys/net/ipv4/ip_forward")
            let tallies = try stream(lab) { stream in
                let start = MonotonicTime.now
                #expect(eventually { MonotonicTime.now > start + .milliseconds(300) })
                #expect([0, 1].allSatisfy { stream.firstAnswer(on: $0) == nil })
                try lab.script(in: "B", "echo 1 > /proc/sys/net/ipv4/ip_forward")
                begin(stream)
            }
            #expect(tallies.prefix(2).map(\.lost) == [0, 0])
            for tally in tallies.prefix(2) { #expect(tally.answered > 0) }
        }
    }

    @Test func `what a broken wire loses is counted, and for how long`() throws {
        try TestLab.with(TopologyFile("calico-two-hosts")) { lab in
            let tallies = try stream(lab) { stream in
                begin(stream)
                try lab.script(in: "A", "ip link set veth1 down; sleep 1; ip link set veth1 up")
                // What was a route of the link's is gone with it.
                var managed = lab.managedHost("A")
                try managed.converge(to: CompiledHost(lab.topology, host: 0, source: lab.source))
                let end = MonotonicTime.now
                #expect(eventually { MonotonicTime.now > end + .milliseconds(100) })
            }
            // One a millisecond where the thread gets its turn each time; on a busy machine it has had it 14 times in 200
            // that the link was down.
            for tally in tallies.prefix(2) {
                #expect(tally.lost >= 3)
                #expect(tally.answered >= 3)
                #expect(tally.longestSilence >= .milliseconds(150))
            }
        }
    }
}
