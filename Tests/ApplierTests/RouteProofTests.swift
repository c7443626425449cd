import Applier
import NetworkState
import TestSupport
import Testing

/// When the kernel's answer about one route is as good as a dump.
@Suite(.namespaces)
struct RouteProofTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let routes: [String]
        /// Whether the route counts as added, and as removed.
        let isAdded: Bool
        let isRemoved: Bool

        init(_ routes: String..., isAdded: Bool = false, isRemoved: Bool = false) {
            self.routes = routes
            self.isAdded = isAdded
            self.isRemoved = isRemoved
        }

        var testDescription: String { routes.isEmpty ? "no route" : routes.joined(separator: ", ") }
    }

    private static let own = "10.1.0.0/24 via 192.168.100.7 dev eth0 proto 119"

    static let cases = [
        Case(isRemoved: true),
        Case(own, isAdded: true),
        Case(own, "default via 192.168.100.7", isAdded: true),
        Case(own, "blackhole 10.1.0.128/25", isAdded: true),
        Case("default via 192.168.100.7", isRemoved: true),
        Case("10.1.0.0/16 via 192.168.100.7", isRemoved: true),
        Case("10.1.0.0/24 via 192.168.100.8 dev eth0 proto 119"),
        Case("10.1.0.0/24 via 192.168.100.7 dev eth0 proto static"),
        Case("10.1.0.0/24 via 192.168.100.7 dev eth0 proto 119 metric 5"),
        // What is narrower or counts for more hides it.
        Case(own, "10.1.0.0/32 via 192.168.100.8"),
        Case(own, "blackhole 10.1.0.0/25"),
        Case("10.1.0.0/32 via 192.168.100.8"),
        Case("blackhole 10.1.0.0/16"),
    ]

    private let route = Resource.route(
        Route(IPPrefix("10.1.0.0/24"), via: IPAddress("192.168.100.7"), device: "eth0"))

    @Test(arguments: cases)
    func `a route is proven by its answer, and gone by a wider one's`(_ made: Case) throws {
        let host = try TestHost()
        for route in made.routes { try host.ip("route add \(route)") }
        let applier = try applier(of: host)
        #expect(try applier.hasProof(of: [Change(in: .own, from: nil, to: route)]) == made.isAdded)
        #expect(try applier.hasProof(of: [Change(in: .own, from: route, to: nil)]) == made.isRemoved)
    }

    @Test func `what a rule decides is no proof`() throws {
        let host = try TestHost()
        try host.ip("route add 10.1.0.0/24 via 192.168.100.7 dev eth0 proto 119 table 99", "rule add lookup 99")
        let applier = try applier(of: host)
        #expect(try !applier.hasProof(of: [Change(in: .own, from: nil, to: route)]))
    }

    @Test func `of other things, of many and of nowhere there is none`() throws {
        let host = try TestHost()
        try host.ip("route add \(Self.own)")
        let applier = try applier(of: host)
        let added = Change(in: .own, from: nil, to: route)
        let address = Change(in: .own, from: nil, to: .address(Address(IPPrefix("10.9.0.1/32"), device: "eth0")))
        #expect(try applier.hasProof(of: [added]))
        #expect(try !applier.hasProof(of: [added, address]))
        #expect(try !applier.hasProof(of: Array(repeating: added, count: 100)))
        #expect(try !applier.hasProof(of: [Change(in: host.container("A1"), from: nil, to: route)]))
    }

    /// One that knows its host's links.
    private func applier(of host: TestHost) throws -> Applier {
        var applier = Applier(host.namespaces)
        _ = try applier.observe(HostState([(.own, .netns)]))
        return applier
    }
}
