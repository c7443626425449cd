import Applier
import Foundation
import NetworkState
import TestSupport
import Testing

/// What weft does on a host that other processes change all the while.
@Suite(.namespaces)
struct ChurnTests {
    private let victim: Victim

    init() throws {
        victim = try Victim(TopologyFile("calico-two-hosts"))
    }

    /// Has a shell do `commands` again and again on the machine while `body` runs.
    private func keeping(_ commands: String, _ body: () throws -> Void) throws {
        let churn = try victim.machine.start(["sh", "-c", "while :; do \(commands); done"])
        try withExtendedLifetime(churn) { try body() }
    }

    @Test func `a host whose links and routes come and go is observed all the same, and consistently`() throws {
        let namespaces = victim.machine.namespacesFromOutside
        let links = "ip link add c1 type veth peer name c2; ip link set c1 up; ip address add 10.9.0.1/24 dev c1"
        let routes = (1...20).map { "ip route add 10.9.\($0).0/24 via 10.9.0.9" }.joined(separator: "; ")
        try keeping("\(links); \(routes); ip link delete c1") {
            var seen: Set<Int> = []
            for _ in 1...300 {
                let own = try #require(try namespaces.state(of: []).namespaces[.own])
                seen.insert(own.routes.count)
                let devices = own.addresses.sorted.map(\.device) + own.routes.sorted.flatMap(\.devices)
                #expect(devices.allSatisfy { own.links[$0] != nil })
            }
            // Else nothing has come and gone.
            #expect(seen.count > 2)
        }
    }

    /// Exit codes: done, a conflict, rolled back, or a link that is not there.
    @Test(arguments: [
        "ip route add 172.17.9.0/24 via 192.168.100.55 dev eth0 proto static; ip route delete 172.17.9.0/24 proto static",
        "ip link add veth1 type bridge && ip link delete veth1 type bridge",
        "ip link add c1 type veth peer name c2; ip link delete c1",
        "ip route add 172.17.9.0/24 via 192.168.100.101 dev eth0 proto bird onlink; ip route delete 172.17.9.0/24 proto static",
    ])
    func `whatever somebody else does meanwhile, a run succeeds, or says why and leaves the host as it was`(
        _ commands: String
    ) throws {
        let start = try victim.state
        try victim.run(victim.apply)
        let goal = try victim.state
        try victim.run(victim.destroy)
        try keeping(commands) {
            for round in 1...20 {
                for command in [victim.apply, victim.destroy] {
                    let finished = try victim.machine.run([Weft.path] + command)
                    #expect([0, 1, 7, 8].contains(finished.status), "round \(round): \(finished.errors)")
                    if finished.status != 0 { #expect(!finished.errors.isEmpty) }
                }
            }
        }
        try victim.machine.script(
            """
            ip route delete 172.17.9.0/24 proto static 2>/dev/null || true
            ip link delete veth1 type bridge 2>/dev/null || true
            ip link delete c1 2>/dev/null || true
            """)
        try victim.run(victim.apply)
        #expect(try victim.state.withoutRoute("172.17.9.0/24") == goal.withoutRoute("172.17.9.0/24"))
        try victim.run(victim.destroy)
        #expect(try victim.state.withoutRoute("172.17.9.0/24") == start)
        #expect(try victim.leftovers.isEmpty)
    }

    @Test(arguments: [
        "ip netns delete A1", "ip netns delete A1; ip netns add A1", "ip link delete veth1",
        "ip -n A1 link delete eth0",
        "ip netns delete A1; ip netns delete A2",
    ])
    func `what is taken away by hand is made again at once, however slowly the kernel clears it away`(
        _ command: String
    ) throws {
        try victim.run(victim.apply)
        let goal = try victim.state
        for round in 1...15 {
            // A process that is still in the namespace keeps it for a while longer.
            let inside = try victim.machine.start(["ip", "netns", "exec", "A1", "sleep", "0.0\(round % 10)"])
            try victim.machine.script(command)
            try victim.run(victim.apply)
            expectSameLines(try victim.state.json.text, goal.json.text, "in round \(round)")
            extendLifetime(inside)
        }
        try victim.run(victim.destroy)
        #expect(try victim.leftovers.isEmpty)
    }
}

extension HostState {
    fileprivate func withoutRoute(_ text: String) -> HostState {
        var state = self
        for route in state.namespaces[.own]?.routes.sorted ?? [] where route.destination.description == text {
            state.namespaces[.own]?.remove(.route(route.identity))
        }
        return state
    }
}
