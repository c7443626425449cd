import Compiler
import Foundation
import Netlink
import NetnsHarness
import NetworkState
import TestSupport
import Testing

@Suite(.namespaces)
struct ProberTests {
    private let a = ProbeNode(name: "a", addresses: [address("10.0.0.1"), address("fd00::1")])
    private let b = ProbeNode(name: "b", addresses: [address("10.0.0.2"), address("fd00::2")])

    private func pair() throws -> ProbeNetwork {
        let network = try ProbeNetwork(["a", "b"])
        try network.join(("a", "eth0", ["10.0.0.1/24", "fd00::1/64"]), ("b", "eth0", ["10.0.0.2/24", "fd00::2/64"]))
        return network
    }

    @Test(arguments: ProbeProtocol.allCases, ["10.0.0.2", "fd00::2"])
    func `a neighbour answers`(_ protocol: ProbeProtocol, _ target: String) throws {
        let prober = try pair().prober([a, b])
        let probe = Probe(from: "a", to: "b", address: address(target), protocol: `protocol`)
        let outcome = try #require(try prober.run([probe]).first)
        #expect(outcome.isReachable)
        #expect(outcome.attempts == 1)
        #expect(outcome.cause == nil)
        #expect(outcome.translatedSource == nil)
        #expect(try #require(outcome.roundTripMicroseconds) < 250_000)
    }

    @Test(arguments: ProbeProtocol.allCases, ["10.0.0.1", "fd00::1", "127.0.0.1"])
    func `a node answers itself`(_ protocol: ProbeProtocol, _ target: String) throws {
        // b too, for a's link goes with b's namespace.
        let prober = try pair().prober([ProbeNode(name: "a", addresses: a.addresses + [address("127.0.0.1")]), b])
        let probe = Probe(from: "a", to: "a", address: address(target), protocol: `protocol`)
        let outcome = try #require(try prober.run([probe]).first)
        #expect(outcome.isReachable, "\(outcome)")
    }

    @Test(arguments: ProbeProtocol.allCases)
    func `an answer that is there counts, however late it is looked at`(_ protocol: ProbeProtocol) throws {
        // Its time is up as soon as it is sent, but the kernel delivers to oneself at once.
        let patience = ProbePatience(forAnswer: [.zero], forSilence: [.zero])
        let probe = Probe(from: "a", to: "a", address: address("10.0.0.1"), protocol: `protocol`)
        #expect(try pair().prober([a, b]).run([probe], patience: patience).map(\.isReachable) == [true])
    }

    @Test(
        arguments: ProbeProtocol.allCases,
        [
            ("10.9.0.1", "", "not sent: no route"),
            ("10.9.0.1", "ip route add blackhole 10.9.0.0/24", "not sent: blackhole route"),
            ("10.9.0.1", "ip route add unreachable 10.9.0.0/24", "not sent: host unreachable"),
            ("10.9.0.1", "ip route add prohibit 10.9.0.0/24", "not sent: prohibited here"),
            ("fd09::1", "", "not sent: no route"),
            ("fd09::1", "ip route add blackhole fd09::/64", "not sent: blackhole route"),
        ])
    func `what cannot be sent is told why`(
        _ protocol: ProbeProtocol, _ situation: (target: String, script: String, cause: String)
    ) throws {
        let network = try pair()
        try network.run(in: "a", situation.script)
        let probe = Probe(from: "a", to: "b", address: address(situation.target), protocol: `protocol`)
        let outcome = try #require(try network.prober([a, b]).run([probe], patience: .short).first)
        #expect(!outcome.isReachable)
        #expect(outcome.cause == situation.cause)
        #expect(outcome.attempts == 2)
    }

    @Test(arguments: [
        (ProbeProtocol.udp, "10.0.0.2", "port unreachable from 10.0.0.2 (ICMP 3/3)"),
        (.udp, "fd00::2", "port unreachable from fd00::2 (ICMPv6 1/4)"),
        (.tcp, "10.0.0.2", "connection refused"),
        (.tcp, "fd00::2", "connection refused"),
    ])
    func `a port that nobody holds refuses`(
        _ protocol: ProbeProtocol, _ target: String, _ cause: String
    ) throws {
        // The answering port is c's, but the address is b's.
        let network = try ProbeNetwork(["a", "b", "c"])
        try network.join(("a", "eth0", ["10.0.0.1/24", "fd00::1/64"]), ("b", "eth0", ["10.0.0.2/24", "fd00::2/64"]))
        let prober = try network.prober([a, b, ProbeNode(name: "c", addresses: [])])
        let probe = Probe(from: "a", to: "c", address: address(target), protocol: `protocol`)
        let outcome = try #require(try prober.run([probe], patience: .short).first)
        #expect(!outcome.isReachable)
        #expect(outcome.cause == cause)
    }

    @Test(
        arguments: ProbeProtocol.allCases,
        [
            ("unreachable 10.2.0.0/24", "10.2.0.2", "host unreachable from 10.1.0.254 (ICMP 3/1)"),
            ("prohibit 10.2.0.0/24", "10.2.0.2", "administratively prohibited from 10.1.0.254 (ICMP 3/13)"),
            ("unreachable fd02::/64", "fd02::2", "no route from fd01::254 (ICMPv6 1/0)"),
            ("prohibit fd02::/64", "fd02::2", "administratively prohibited from fd01::254 (ICMPv6 1/1)"),
        ])
    func `a router's refusal is told with who sent it`(
        _ protocol: ProbeProtocol, _ situation: (route: String, target: String, cause: String)
    ) throws {
        let network = try ProbeNetwork(["a", "r", "b"])
        try network.join(
            ("a", "eth0", ["10.1.0.1/24", "fd01::1/64"]), ("r", "eth0", ["10.1.0.254/24", "fd01::254/64"]))
        try network.run(in: "a", "ip route add default via 10.1.0.254; ip route add default via fd01::254")
        try network.run(
            in: "r",
            """
            echo 1 > /proc/sys/net/ipv4/ip_forward
            echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
            # Limits of one message a second to each host, and of a thousand to all, are for these types.
            echo 0 > /proc/sys/net/ipv4/icmp_ratemask
            echo > /proc/sys/net/ipv6/icmp/ratemask
            ip route add \(situation.route)
            """)
        let prober = try network.prober([
            ProbeNode(name: "a", addresses: [address("10.1.0.1"), address("fd01::1")]), b,
            ProbeNode(name: "r", addresses: [address("10.1.0.254"), address("fd01::254")]),
        ])
        let target = address(situation.target)
        // A kernel whose one table of neighbours others have filled drops what the router would say.
        try prober.awaitAnswer(
            to: Probe(
                from: "a", to: "r", address: address(target.family == .v4 ? "10.1.0.254" : "fd01::254"),
                protocol: .icmp))
        let expected = Probe(from: "a", to: "b", address: target, protocol: `protocol`)
        let unexpected = Probe(from: "a", to: "b", address: target, protocol: `protocol`, expected: false)

        let outcome = try #require(try prober.run([expected], patience: .short).first)
        #expect(!outcome.isReachable)
        #expect(outcome.cause == situation.cause)

        let refusal = try #require(try prober.run([unexpected]).first)
        #expect(refusal.isAsExpected)
        #expect(refusal.attempts == 1)
    }

    @Test func `an answer from another address does not count`() throws {
        let network = try pair()
        // The subnet's routers answer for its first address (RFC 4291 §2.6.1), and from their own (RFC 4443 §4.2).
        try network.run(in: "b", "echo 1 > /proc/sys/net/ipv6/conf/all/forwarding")
        let probe = Probe(from: "a", to: "b", address: address("fd00::"), protocol: .icmp)
        // It takes them up to a second to tell their link-layer address (RFC 4861 §7.2.7).
        let patience = ProbePatience(forAnswer: [.seconds(2)], forSilence: [.zero])
        let outcome = try #require(try network.prober([a, b]).run([probe], patience: patience).first)
        #expect(!outcome.isReachable)
        #expect(outcome.cause == "answered from fd00::2 instead")
    }

    @Test(arguments: [ProbeProtocol.udp, .tcp])
    func `a source that is not the sender's own is noticed`(_ protocol: ProbeProtocol) throws {
        let network = try pair()
        try network.run(
            in: "a", "ip address add 10.0.0.77/24 dev eth0; ip route add 10.0.0.2/32 dev eth0 src 10.0.0.77")
        let probe = Probe(from: "a", to: "b", address: address("10.0.0.2"), protocol: `protocol`)
        let outcome = try #require(try network.prober([a, b]).run([probe]).first)
        #expect(outcome.isReachable)
        #expect(outcome.translatedSource == address("10.0.0.77"))
    }

    @Test(arguments: ProbeProtocol.allCases)
    func `a link that is down loses every attempt`(_ protocol: ProbeProtocol) throws {
        let network = try ProbeNetwork(["a", "r", "b"])
        try network.join(("a", "eth0", ["10.1.0.1/24"]), ("r", "eth0", ["10.1.0.254/24"]))
        try network.join(("r", "eth1", ["10.2.0.254/24"]), ("b", "eth0", ["10.2.0.2/24"]))
        try network.run(in: "a", "ip route add default via 10.1.0.254")
        try network.run(in: "b", "ip route add default via 10.2.0.254")
        try network.run(in: "r", "echo 1 > /proc/sys/net/ipv4/ip_forward")
        let prober = try network.prober([
            ProbeNode(name: "a", addresses: [address("10.1.0.1")]),
            ProbeNode(name: "b", addresses: [address("10.2.0.2")]),
        ])
        let expected = Probe(from: "a", to: "b", address: address("10.2.0.2"), protocol: `protocol`)
        #expect(try prober.run([expected]).map(\.isReachable) == [true])

        // The router still has its route, and nobody knows that what it sends is lost.
        try network.run(in: "b", "ip link set eth0 down")
        let silent = Probe(from: "a", to: "b", address: address("10.2.0.2"), protocol: `protocol`, expected: false)
        let outcomes = try prober.run([expected, silent], patience: .short)
        #expect(outcomes.map(\.isReachable) == [false, false])
        #expect(outcomes.map(\.attempts) == [2, 2])
        #expect(outcomes.map(\.cause) == ["no answer", "no answer"])
        #expect(outcomes.map(\.isAsExpected) == [false, true])
        #expect(outcomes.map(\.retries) == [1, 0])
    }

    @Test(arguments: ProbeProtocol.allCases)
    func `an answer that should not come is reported`(_ protocol: ProbeProtocol) throws {
        let probe = Probe(from: "a", to: "b", address: address("10.0.0.2"), protocol: `protocol`, expected: false)
        let outcome = try #require(try pair().prober([a, b]).run([probe]).first)
        #expect(outcome.isReachable)
        #expect(!outcome.isAsExpected)
    }

    @Test(arguments: ProbeProtocol.allCases)
    func `a lost packet is sent again`(_ protocol: ProbeProtocol) throws {
        let network = try pair()
        // Packets reach b, which does not know that they are meant for it.
        try network.run(
            in: "b", "ip link set eth0 address 02:00:00:00:00:02; ip address del 10.0.0.2/24 dev eth0")
        try network.run(in: "a", "ip neighbour add 10.0.0.2 lladdr 02:00:00:00:00:02 dev eth0 nud permanent")
        var capture = try PacketSocket.open(on: "eth0", in: network["b"].namespace)
        let probe = Probe(from: "a", to: "b", address: address("10.0.0.2"), protocol: `protocol`)
        let patience = ProbePatience(
            forAnswer: [.milliseconds(50)] + Array(repeating: .seconds(1), count: 5), forSilence: [.zero])

        let outcomes = Outcomes()
        let thread = Thread {
            outcomes.finish(Result { try network.prober([a, b]).run([probe], patience: patience) })
        }
        thread.start()
        while let frame = try capture.receive(until: .now + .seconds(5)) {
            if case .ip(let packet)? = Frame(decoding: frame.bytes)?.payload, packet.destination == probe.address {
                break
            }
        }
        try network.run(in: "b", "ip address add 10.0.0.2/24 dev eth0")
        let outcome = try #require(try outcomes.wait().first)
        #expect(outcome.isReachable)
        #expect(outcome.attempts >= 2)
    }

    @Test func `two probers in the same namespaces do not disturb each other`() throws {
        let network = try pair()
        let probes = ProbeProtocol.allCases.flatMap { kind in
            (0..<100).map { _ in Probe(from: "a", to: "b", address: address("10.0.0.2"), protocol: kind) }
        }
        let both = (0..<2).map { _ in
            let outcomes = Outcomes()
            let thread = Thread { outcomes.finish(Result { try network.prober([a, b]).run(probes) }) }
            thread.start()
            return outcomes
        }
        for outcomes in both {
            let all = try outcomes.wait()
            #expect(all.count == probes.count)
            #expect(all.allSatisfy { $0.isReachable && $0.attempts == 1 })
        }
    }

    /// What a thread has to hand over.
    private final class Outcomes: @unchecked Sendable {
        private let condition = NSCondition()
        private var result: Result<[ProbeOutcome], any Error>?

        func finish(_ result: Result<[ProbeOutcome], any Error>) {
            condition.withLock { self.result = result }
            condition.signal()
        }

        func wait() throws -> [ProbeOutcome] {
            condition.lock()
            defer { condition.unlock() }
            while result == nil { condition.wait() }
            return try result?.get() ?? []
        }
    }
}

extension Prober {
    /// Asks until there is an answer, for up to half a minute.
    fileprivate func awaitAnswer(to probe: Probe) throws {
        let deadline = MonotonicTime.now + .seconds(30)
        while MonotonicTime.now < deadline {
            if try run([probe], patience: .short).first?.isReachable == true { return }
        }
        Issue.record("\(probe.from) gets no answer from \(probe.address)")
    }
}
