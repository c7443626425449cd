import Foundation
import NetworkState
import TestSupport
import Testing

/// Saved plans and a host that is not as it was: what each witness is for.
@Suite(.namespaces)
struct StalePlanTests {
    private let machine: Machine
    private let plan = "/run/A.plan"

    init() throws {
        machine = try Machine()
    }

    /// Host A with some containers, and peers whose routes it has.
    private func topology(containers: [String] = ["A1"], peers: [String] = ["B"]) -> String {
        let names = containers.map { #"{"name": "\#($0)", "link": "veth\#($0)"}"# }.joined(separator: ", ")
        let others = peers.map {
            let number = Array($0.utf8)[0]
            return
                #"{"name": "\#($0)", "subnet": "172.17.\#(number).0/24", "links": [{"segment": "lan", "address": "192.168.100.\#(number)"}]}"#
        }
        let own = """
            {"name": "A", "subnet": "172.17.8.0/24", "links": [{"segment": "lan", "address": "192.168.100.100"}],
             "containers": [\(names)]}
            """
        return """
            {"version": 1, "name": "small", "network": {"profile": "calico"},
             "segments": [{"name": "lan", "subnet": "192.168.100.0/24"}],
             "hosts": [\(([own] + others).joined(separator: ", "))]}
            """
    }

    private func apply(_ topology: String) throws {
        let finished = try machine.weft("apply", "-", "--host", "A", input: topology)
        try #require(finished.status == 0, "\(finished.errors)")
    }

    private func keepPlan(of topology: String) throws {
        let finished = try machine.weft("plan", "-", "--host", "A", "--out", plan, "--exit-code", input: topology)
        try #require(finished.status == 2, "\(finished.errors)")
    }

    private func expectStale(_ reasons: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let before = try machine.dump()
        let finished = try machine.weft("apply", plan)
        #expect(finished.status == 5, sourceLocation: sourceLocation)
        let lines = finished.errors.split(separator: "\n").map(String.init)
        let told = lines.dropFirst().dropLast().map { String($0.dropFirst(2)) }
        #expect(told.count == reasons.count, "\(finished.errors)", sourceLocation: sourceLocation)
        for (line, reason) in zip(told, reasons) {
            #expect(line.contains(reason), sourceLocation: sourceLocation)
        }
        expectSameLines(try machine.dump(), before, sourceLocation: sourceLocation)
    }

    @Test func `a link that was made again is another one, though it looks the same`() throws {
        try keepPlan(of: topology())
        let made = "address 02:00:00:00:00:01 type veth peer name far address 02:00:00:00:00:02"
        try machine.script(
            """
            ip link delete eth0
            ip link add eth0 \(made)
            ip link set eth0 addrgenmode none up
            ip link set far addrgenmode none up
            ip address add 192.168.100.100/24 dev eth0
            """)
        try expectStale(["removed and made again"])
        #expect(try machine.weft("apply", plan).errors.contains("link A/eth0: number "))
    }

    @Test func `a link that is gone is missed, though the plan does not change it`() throws {
        try keepPlan(of: topology())
        try machine.script("ip link delete eth0")
        try expectStale(["link A/eth0 is gone"])
    }

    @Test func `a namespace that was made again is another one`() throws {
        try machine.script("ip netns add A1")
        try keepPlan(of: topology())
        try machine.script("ip netns delete A1; ip netns add A1")
        try expectStale(["netns A1 is another one"])
    }

    @Test func `another network is another host`() throws {
        try keepPlan(of: topology())
        let finished = try machine.run("unshare", "--net", Weft.path, "apply", plan)
        #expect(finished.status == 5)
        #expect(finished.errors.contains("host A has another network namespace"))
    }

    @Test func `a machine that has been booted has nothing left of what the plan was for`() throws {
        try keepPlan(of: topology())
        try machine.script("echo other > /run/boot; mount --bind /run/boot /proc/sys/kernel/random/boot_id")
        try expectStale(["this machine has been booted since"])
    }

    @Test(arguments: [
        ("ip link set vethA1 mtu 1400", "link A/vethA1: mtu 1500 -> 1400"),
        ("ip link set vethA1 down", "link A/vethA1: up -> down"),
        ("ip route delete 172.17.8.2", "route A/172.17.8.2 is gone"),
        ("ip -n A1 address delete 172.17.8.2/32 dev eth0", "address A1/172.17.8.2/32 dev eth0 is gone"),
        ("ip route add 203.0.113.0/24 dev vethA1", "route A/203.0.113.0/24 would go with link A/vethA1"),
        ("ip address add 203.0.113.1/32 dev vethA1", "address A/203.0.113.1/32 dev vethA1 would go with link A/vethA1"),
        (
            "ip -n A1 neighbour add 169.254.1.9 lladdr 02:00:00:00:00:07 dev eth0",
            "neighbour A1/169.254.1.9 dev eth0 would go with address A1/172.17.8.2/32 dev eth0"
        ),
    ])
    func `what goes, and what would go with it, is as it was, or the plan is stale`(
        _ command: String, _ reason: String
    ) throws {
        try apply(topology())
        try keepPlan(of: topology(containers: []))
        try machine.script(command)
        let finished = try machine.weft("apply", plan)
        #expect(finished.status == 5)
        #expect(finished.errors.contains("  \(reason)"), "\(finished.errors)")
    }

    @Test func `what was applied since is not forgotten`() throws {
        try apply(topology())
        try keepPlan(of: topology(peers: ["B", "C"]))
        try apply(topology(peers: ["B", "D"]))
        try expectStale(["the ledger of host A is another one"])
    }

    @Test(arguments: [
        "ip route add 203.0.113.0/24 dev eth0", "ip link add other type bridge",
        "ip -n A2 address add 203.0.113.1/32 dev lo",
        "ip address add 203.0.113.9/24 dev eth0", "ip netns add other", "ip link set vethA2 mtu 1400",
        "ping -c 1 -w 2 172.17.8.2",
    ])
    func `a plan that removes is as good as it was when something else has changed`(_ command: String) throws {
        try apply(topology(containers: ["A1", "A2"]))
        try keepPlan(of: topology(containers: ["A2"]))
        try machine.script(command)
        let finished = try machine.weft("apply", plan)
        #expect(finished.status == 0, "\(finished.errors)")
        #expect(try !machine.namespaces.contains("A1"))
    }

    @Test func `plans of a live kernel are as the schema says, whatever is in them`() throws {
        let schema = Repository.root.appending(path: "schema/plan.schema.json")
        try apply(topology(containers: ["A1", "A2"]))
        try machine.script("ip -n A2 neighbour add 169.254.1.9 lladdr 02:00:00:00:00:07 dev eth0")
        let plans = try [
            topology(containers: ["A1"], peers: ["B", "C"]), topology(containers: ["A1", "A2", "A3"], peers: []),
        ].map { try machine.weft("plan", "-", "--host", "A", "--format", "json", input: $0).output }
        try machine.script("ip route add 203.0.113.0/24 dev vethA1; ip route add 172.17.67.0/24 dev eth0")
        let conflicting = try machine.weft(
            "plan", "-", "--host", "A", "--format", "json", input: topology(containers: [], peers: ["C"]))
        #expect(conflicting.status == 7)
        #expect(plans[0].contains("\"foreign\": true"))
        #expect(
            try SchemaValidation.verdicts(on: plans + [conflicting.output], schema: schema) == [
                "accepted", "accepted", "accepted",
            ])
    }

    @Test func `a plan is shown whole where that is asked for`() throws {
        let many = topology(containers: (1...8).map { "A\($0)" })
        try keepPlan(of: many)
        let (short, long) = (try machine.weft("show", plan).lines, try machine.weft("show", plan, "-v").lines)
        #expect(short.contains { $0.contains("and 7 more like it, to A8 (-v shows them)") })
        #expect(long.count > 2 * short.count)
        #expect(try machine.weft("plan", "-", "--host", "A", "--verbose", input: many).lines == long)
        #expect(try machine.weft("apply", plan, "-v").lines == long)
        let compiled = try machine.weft("compile", "-", "--host", "A", "-v", input: many)
        #expect(compiled.lines.count == long.count)
        let destroyed = try machine.weft("destroy", "--host", "A", "-v")
        #expect(!destroyed.output.contains("more like it"))
        #expect(destroyed.output.contains("- netns     A8 "))
    }
}
