import Compiler
import NetworkState
import TestSupport
import Testing

/// What entries lack, in states that no topology leads to.
struct EntryCheckTests {
    /// One container alone, which nobody sends anything to, and a peer without containers.
    private static let text = """
        {"version": 1, "name": "quiet", "network": {"profile": "calico-vxlan"},
         "segments": [{"name": "lan", "subnet": "192.168.100.0/24"}],
         "hosts": [
          {"name": "A", "links": [{"segment": "lan"}], "subnet": "172.17.8.0/24",
           "containers": [{"name": "A1", "link": "veth1"}]},
          {"name": "B", "links": [{"segment": "lan"}], "subnet": "172.17.9.0/24"}]}
        """

    struct Tampering: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: DiagnosticCode
        /// Each in the message, the cause or the help.
        let words: [String]
        let change: @Sendable (inout NamespaceState) -> Void

        init(
            _ description: String, _ code: DiagnosticCode, _ words: String...,
            change: @escaping @Sendable (inout NamespaceState) -> Void
        ) {
            testDescription = description
            self.code = code
            self.words = words
            self.change = change
        }
    }

    private static let device = LinkName(known: "vxlan.calico")
    private static let peer = IPPrefix(parsing: "172.17.9.0/24")
    private static let settings = "net/ipv4/conf/veth1"

    private static let tamperings = [
        Tampering("proxy ARP off", .unansweredGateway, "A1's gateway 169.254.1.1", "A:veth1 is not told") {
            $0.sysctls.insert(Sysctl("\(settings)/proxy_arp", "0"))
        },
        Tampering("no route to the gateway", .unansweredGateway, "A1's gateway 169.254.1.1", "A:veth1", "no route to") {
            state in
            for route in state.routes.sorted where route.destination.address == Calico.gateway {
                state.routes.remove(route.identity)
            }
        },
        Tampering("a proxy that does not forward", .unansweredGateway, "A:veth1 would, but it does not forward") {
            $0.sysctls.insert(Sysctl("\(settings)/forwarding", "0"))
        },
        Tampering("a proxy on a link that does not forward", .idleProxy, "A:eth0", "net/ipv4/conf/eth0/forwarding") {
            $0.sysctls.insert(Sysctl("net/ipv4/conf/eth0/proxy_arp", "1"))
            $0.sysctls.insert(Sysctl("net/ipv4/conf/eth0/forwarding", "0"))
        },
        Tampering("the kernel's delay", .proxyDelay, "A:veth1 takes up to 800 ms", "proxy_delay to 0") {
            $0.sysctls.remove("net/ipv4/neigh/veth1/proxy_delay")
        },
        Tampering("another delay", .proxyDelay, "A:veth1 takes up to 50 ms") {
            $0.sysctls.insert(Sysctl("net/ipv4/neigh/veth1/proxy_delay", "5"))
        },
        Tampering("no route to a peer", .incompleteTunnel, "a route by vxlan.calico", "neighbour A/172.17.9.0") {
            state in
            for route in state.routes.sorted where route.destination == peer { state.routes.remove(route.identity) }
        },
        Tampering("no neighbour entry for a peer", .incompleteTunnel, "a neighbour entry", "172.17.9.0") { state in
            for entry in state.neighbours.sorted { state.neighbours.remove(entry.identity) }
        },
        Tampering("no forwarding entry for a peer", .incompleteTunnel, "a forwarding entry (fdb)", "172.17.9.0") {
            state in
            for entry in state.fdb.sorted { state.fdb.remove(entry.identity) }
        },
    ]

    @Test(arguments: tamperings)
    func `what is of no use as it stands is told, and what it lacks`(_ tampering: Tampering) throws {
        let source = SourceText(name: "quiet.json", text: Self.text)
        let topology = try load(source)
        var state = topology.plannedNamespaces
        #expect(ReachabilityCheck(topology, state).findings == [])
        tampering.change(&state["A", default: NamespaceState()])
        let check = ReachabilityCheck(topology, state)
        #expect(Set(check.findings.map(\.code)) == [tampering.code])
        let text = check.diagnostics(in: topology).rendered(in: source, colour: false)
        for word in tampering.words { #expect(text.contains(word), "\(text)") }
        // Of where it follows from.
        #expect(text.contains("quiet.json:4:") || text.contains("quiet.json:5:") || text.contains("quiet.json:6:"))
    }

    @Test(arguments: ["neighbour 172.17.9.0", "fdb ", "route 172.17.9.0/24"])
    func `what packets lack of a tunnel is told once, as what they lack`(_ target: String) throws {
        let sabotage = Sabotage("calico-vxlan", "A", target, .remove, .neighbourUnreachable, at: "A")
        let topology = try load(TopologyFile(sabotage.topology).source)
        var state = topology.plannedNamespaces
        state.carryOut(try #require(sabotage.change(of: state)))
        #expect(Set(ReachabilityCheck(topology, state).findings.map(\.code)) == [.unreachable])
    }
}
