import Applier
import NetworkState
import TestSupport
import Testing

/// What a kernel would do with a packet, asked of one that would do each of those things.
@Suite(.namespaces)
struct RouteQuestionTests {
    /// What becomes of a packet to one address, and how a route that decides it is made.
    struct Case: Sendable, CustomTestStringConvertible {
        let route: String
        let destination: String
        let kind: Route.Kind

        var testDescription: String { route }
    }

    static let nowhere: [Case] = [Route.Kind.blackhole, .unreachable, .prohibit].flatMap { kind in
        [
            Case(route: "route add \(kind.word) 10.1.0.0/24", destination: "10.1.0.2", kind: kind),
            Case(route: "-6 route add \(kind.word) fd01::/64", destination: "fd01::2", kind: kind),
        ]
    }

    @Test func `a route that leads on is told whole`() throws {
        let host = try router("route add 10.1.0.0/24 via 192.168.100.7 dev eth0")
        guard case .route(let route)? = try ask(host, RouteQuestion(to: address("10.1.0.2"))).answer else {
            Issue.record("not a route")
            return
        }
        #expect(route.destination == IPPrefix(parsing: "10.1.0.0/24"))
        #expect(route.kind == .unicast)
        #expect(route.nextHop.gateway == IPAddress(parsing: "192.168.100.7"))
        #expect(route.devices == [eth0])
    }

    @Test(arguments: [0, 1])
    func `a route by a next-hop object of ours is told as one that needs none`(_ isCompatible: Int) throws {
        let host = try router(
            "nexthop add id 7 via 192.168.100.7 dev eth0 proto 119", "route add 10.1.0.0/24 nhid 7 proto 119")
        try host.shell(["echo \(isCompatible) > /proc/sys/net/ipv4/nexthop_compat_mode"])
        let answer = try ask(host, RouteQuestion(to: address("10.1.0.2"))).answer
        let gateway = try address("192.168.100.7")
        #expect(answer == .route(Route(IPPrefix("10.1.0.0/24"), via: gateway, device: eth0)))
    }

    @Test func `what is the namespace's own is delivered, and where nothing leads there is no route`() throws {
        let host = try router()
        #expect(try ask(host, RouteQuestion(to: address("192.168.100.100"))).answer == .delivered)
        #expect(try ask(host, RouteQuestion(to: address("10.1.0.2"))).refusal == .noRoute)
    }

    @Test(arguments: nowhere, [false, true])
    func `routes that lead nowhere are told apart, of what is sent and of what comes in`(
        _ made: Case, _ comesIn: Bool
    ) throws {
        let host = try router(made.route)
        let destination = try address(made.destination)
        let source = try address(destination.family == .v4 ? "192.168.100.7" : "fd00::7")
        let question =
            comesIn
            ? RouteQuestion(to: destination, from: source, incoming: eth0) : RouteQuestion(to: destination)
        guard case .leadsNowhere(let kind, let route)? = try ask(host, question).refusal else {
            Issue.record("not refused for a route")
            return
        }
        #expect(kind == made.kind)
        #expect(route?.kind == made.kind)
        #expect(route?.destination.contains(destination) == true)
    }

    @Test func `of routes that lead nowhere the most specific is to blame`() throws {
        let host = try router("route add blackhole 10.1.0.0/24", "route add blackhole 10.1.0.2/32")
        let refusal = try ask(host, RouteQuestion(to: address("10.1.0.2"))).refusal
        guard case .leadsNowhere(.blackhole, let route)? = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        #expect(route?.destination.length == 32)
    }

    @Test func `where nothing is forwarded, what is for others is refused for that`() throws {
        let host = try router("route add 10.1.0.0/24 via 192.168.100.7 dev eth0")
        try host.shell(["sysctl -qw net.ipv4.ip_forward=0"])
        let question = try RouteQuestion(to: address("10.1.0.2"), from: address("192.168.100.8"), incoming: eth0)
        #expect(try ask(host, question).refusal == .notForwarding)
    }

    @Test func `what comes from where it would not go back is refused by rp_filter, with the way that it would go`()
        throws
    {
        let host = try router(
            "link add name d0 type veth peer name d1", "link set d0 up", "link set d1 up",
            "route add 10.1.0.0/24 dev d0")
        try host.shell(["sysctl -qw net.ipv4.conf.eth0.rp_filter=1"])
        let question = try RouteQuestion(to: address("192.168.100.100"), from: address("10.1.0.2"), incoming: eth0)
        #expect(try ask(host, question).refusal == .reversePath(by: "d0"))
    }

    @Test func `what comes from the namespace's own address is forged, and not rp_filter's doing`() throws {
        let host = try router("address add 10.1.0.2/32 dev lo", "route add 10.2.0.0/24 via 192.168.100.7 dev eth0")
        try host.shell(["sysctl -qw net.ipv4.conf.eth0.rp_filter=1"])
        let question = try RouteQuestion(to: address("10.2.0.2"), from: address("10.1.0.2"), incoming: eth0)
        #expect(try ask(host, question).refusal == .sourceIsOwn)
    }

    @Test func `of a link or a namespace that is not there nothing is known`() throws {
        let host = try router()
        let question = try RouteQuestion(
            to: address("10.2.0.2"), from: address("10.1.0.2"), incoming: "nolink")
        #expect(try ask(host, question).answer == nil)
    }

    // MARK: -

    private var eth0: LinkName { "eth0" }

    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(parsing: text)) }

    /// A namespace that forwards and filters nothing, with what `commands` make of it.
    private func router(_ commands: String...) throws -> TestHost {
        let host = try TestHost()
        try host.shell([
            "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=0",
            "sysctl -qw net.ipv4.conf.eth0.rp_filter=0 net.ipv6.conf.eth0.disable_ipv6=0",
            "ip address add fd00::1/64 dev eth0 nodad",
        ])
        for command in commands { try host.ip(command) }
        return host
    }

    private func ask(
        _ host: TestHost, _ question: RouteQuestion
    ) throws -> (answer: RouteQuestion.Answer?, refusal: RouteRefusal?) {
        var applier = Applier(host.namespaces)
        let answer = try applier.ask(question, in: .own)
        guard case .refused(let errno)? = answer else { return (answer, nil) }
        return (answer, try applier.refusal(errno, of: question, in: .own))
    }
}
