import Forwarder
import Netlink
import NetworkState
import Testing

struct ForwardingTests {
    @Test func `a packet for a peer's container goes to that peer, one hop older and else unchanged`() {
        var bench = Bench()
        let packet = Sample.v4()
        #expect(bench.outbound(packet) == .send(length: packet.count, to: Sample.peer))
        #expect(bench.left(packet.count) == Sample.v4(timeToLive: 63))
        #expect(bench.counters == ForwardingCounters())
    }

    @Test func `a packet from a peer comes out, one hop older and else unchanged`() {
        var bench = Bench()
        let packet = Sample.v4(from: "172.17.9.2", to: "172.17.8.2", timeToLive: 2, options: [1, 1, 1, 0])
        #expect(bench.inbound(packet) == .deliver(length: packet.count))
        #expect(
            bench.left(packet.count)
                == Sample.v4(from: "172.17.9.2", to: "172.17.8.2", timeToLive: 1, options: [1, 1, 1, 0]))
    }

    @Test func `IPv6 goes the same ways`() {
        var bench = Bench()
        let packet = Sample.v6()
        #expect(bench.outbound(packet) == .send(length: packet.count, to: Sample.peer))
        #expect(bench.left(packet.count) == Sample.v6(hopLimit: 63))
        let back = Sample.v6(from: "fd00:9::2", to: "fd00:8::2")
        #expect(bench.inbound(back) == .deliver(length: back.count))
        #expect(bench.left(back.count) == Sample.v6(from: "fd00:9::2", to: "fd00:8::2", hopLimit: 63))
    }

    @Test(arguments: 0..<50)
    func `the corrected checksum is the one that summing anew would give`(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<200 {
            var bench = Bench()
            let options = generator.bytes(Int(generator.next() % 11) * 4)
            let packet = Sample.v4(
                from: IPAddress(v4: UInt32(truncatingIfNeeded: generator.next())).description, to: "172.17.9.2",
                timeToLive: UInt8(2 + generator.next() % 254), number: UInt8(truncatingIfNeeded: generator.next()),
                fragment: UInt16(truncatingIfNeeded: generator.next()), options: options,
                typeOfService: UInt8(truncatingIfNeeded: generator.next()), payload: generator.bytes(8))
            #expect(bench.outbound(packet) == .send(length: packet.count, to: Sample.peer))
            let left = bench.left(20 + options.count)
            var anew = left
            anew.replaceSubrange(10..<12, with: [0, 0])
            #expect(referenceChecksum(anew) == UInt16(left[10]) << 8 | UInt16(left[11]))
        }
    }

    @Test(arguments: [
        ("172.17.9.7", "192.168.100.102"), ("172.17.10.1", "192.168.100.102"), ("172.17.9.8", "192.168.100.101"),
    ])
    func `each destination has its peer`(_ destination: String, _ node: String) {
        var bench = Bench()
        let packet = Sample.v4(to: destination)
        #expect(
            bench.outbound(packet) == .send(length: packet.count, to: SocketAddress(address(node), port: 8285)))
    }

    @Test(arguments: [
        SocketAddress(.v4, bits: 0xc0a8_6465, port: 8286), SocketAddress(.v4, bits: 0xc0a8_64ff, port: 8285), nil,
        SocketAddress(.v6, bits: 0xc0a8_6465, port: 8285),
    ])
    func `nothing is accepted from whom the table does not have`(_ sender: SocketAddress?) {
        var bench = Bench()
        #expect(bench.inbound(Sample.v4(from: "172.17.9.2", to: "172.17.8.2"), from: sender) == .drop)
        #expect(bench.counters[.unknownPeer] == 1)
    }

    @Test(arguments: ["172.17.9.3", "172.17.10.1", "10.0.0.1", "192.168.100.100"])
    func `a peer reaches what is behind this host and nothing else`(_ destination: String) {
        var bench = Bench()
        #expect(bench.inbound(Sample.v4(from: "172.17.9.2", to: destination)) == .drop)
        #expect(bench.counters[.notLocal] == 1)
    }

    @Test(arguments: ["224.0.0.5", "255.255.255.255", "ff02::1"])
    func `what is for many is dropped on both sides, and nobody is told`(_ destination: String) {
        var bench = Bench()
        let packet = destination.contains(":") ? Sample.v6(to: destination) : Sample.v4(to: destination)
        #expect(bench.outbound(packet) == .drop)
        #expect(bench.inbound(packet) == .drop)
        #expect(bench.counters[.multicast] == 2)
        #expect(bench.counters.answers == 0)
    }

    /// What a packet is spoilt by, and how.
    static let spoilers: [(String, @Sendable ([UInt8]) -> [UInt8])] = [
        ("nothing left of it", { _ in [] }), ("cut in the header", { Array($0.prefix(19)) }),
        ("cut in the payload", { $0.dropLast() }), ("something behind it", { $0 + [0] }),
        ("another version", { [0x50 | $0[0] & 0x0f] + $0.dropFirst() }),
        ("a header too short", { [0x44] + $0.dropFirst() }), ("a header too long", { [0x4f] + $0.dropFirst() }),
        ("a wrong checksum", { $0.prefix(11) + [$0[11] ^ 1] + $0.dropFirst(12) }),
    ]

    @Test(arguments: spoilers.indices)
    func `what is not exactly one packet is dropped and counted`(_ index: Int) {
        let spoil = Self.spoilers[index].1
        for payload in [64, 0] {
            var bench = Bench()
            let bytes = Array(0..<UInt8(payload))
            #expect(bench.outbound(spoil(Sample.v4(payload: bytes))) == .drop, "\(Self.spoilers[index].0)")
            #expect(bench.inbound(spoil(Sample.v4(from: "172.17.9.2", to: "172.17.8.2", payload: bytes))) == .drop)
            #expect(bench.counters[.malformed] == 2)
            #expect(bench.counters.answers == 0)
        }
    }

    @Test func `IPv6 that is not exactly one packet is dropped and counted`() {
        var bench = Bench()
        for packet in [Sample.v6() + [0], Sample.v6().dropLast(), Array(Sample.v6().prefix(39))] {
            #expect(bench.outbound(Array(packet)) == .drop)
        }
        #expect(bench.counters[.malformed] == 3)
    }

    @Test(arguments: 0..<10)
    func `random bytes are survived`(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var bench = Bench()
        for round in 0..<10_000 {
            var bytes = generator.bytes(Int(generator.next() % 120))
            // Half of them get further than the first check.
            if round.isMultiple(of: 2), !bytes.isEmpty { bytes[0] = round.isMultiple(of: 4) ? 0x60 : 0x45 }
            _ = bench.outbound(bytes)
            _ = bench.inbound(bytes)
        }
        let dropped = ForwardingCounters.Drop.allCases.reduce(0) { $0 + bench.counters[$1] }
        #expect(dropped > 19_900)
    }

    @Test(arguments: 0..<10)
    func `packets with random bytes in them are survived`(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var bench = Bench()
        for round in 0..<10_000 {
            var packet = round.isMultiple(of: 2) ? Sample.v4(timeToLive: 1) : Sample.v6(hopLimit: 1, next: 0)
            for _ in 0..<(1 + generator.next() % 4) {
                packet[Int(generator.next() % UInt64(packet.count))] = UInt8(truncatingIfNeeded: generator.next())
            }
            bench.now = MonotonicTime(nanoseconds: Int64(round) * 1_000_000_000)
            _ = bench.outbound(packet)
            _ = bench.inbound(packet)
        }
        #expect(bench.counters.answers > 100)
    }
}
