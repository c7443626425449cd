import Foundation
import TestSupport
import Testing

/// Routes by many gateways on one link, as a kernel has them.
@Suite(.namespaces)
struct NextHopTests {
    private static let count = 520

    /// A host with a route to each of so many, of which the one in the middle may have another prefix, or be of another
    /// gateway.
    private static func topology(peers: Int = count, oddPrefix: Bool = false, oddGateway: Bool = false) -> String {
        let hosts = (0..<peers).map { number in
            let isOdd = number == peers / 2
            let address = isOdd && oddGateway ? "192.168.200.1" : "192.168.\(1 + number / 200).\(1 + number % 200)"
            let subnet = isOdd && oddPrefix ? "10.200.0.0/24" : "10.\(number / 250).\(number % 250).0/24"
            return """
                {"name": "p\(number)", "links": [{"segment": "lan", "address": "\(address)"}], "subnet": "\(subnet)"}
                """
        }
        return """
            {"version": 1, "name": "peers", "network": {"profile": "calico"},
             "segments": [{"name": "lan", "subnet": "192.168.0.0/16"}],
             "hosts": [{"name": "A", "links": [{"segment": "lan", "address": "192.168.0.1"}], "subnet": "172.16.0.0/24"},
             \(hosts.joined(separator: ",\n "))]}
            """
    }

    private static func plainRoute(_ number: Int, _ verb: String) -> String {
        "route \(verb) 10.\(number / 250).\(number % 250).0/24 via 192.168.\(1 + number / 200).\(1 + number % 200) "
            + "dev eth0 onlink proto bird"
    }

    private let machine: Machine

    init() throws { machine = try Machine(address: "192.168.0.1/16") }

    private func weft(_ command: String, _ topology: String, _ options: String...) throws -> Finished {
        try machine.run([Weft.path, command, "-", "--host", "A"] + options, input: topology)
    }

    private func apply(_ topology: String) throws {
        let finished = try weft("apply", topology)
        try #require(finished.status == 0, "\(finished.errors)")
    }

    private func expectConverged(_ topology: String) throws {
        let finished = try weft("plan", topology, "--exit-code")
        #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
    }

    private var objects: [String] { get throws { try machine.run("ip", "nexthop").lines } }

    private func routes(_ pattern: String = "nhid") throws -> [String] {
        try machine.run("ip", "route").lines.filter { $0.contains(pattern) }
    }

    /// Without what tells the two forms apart; what a link has again may stand elsewhere.
    private func plainDump() throws -> String {
        try machine.dump().replacing(#/nhid \d+ /#, with: "").split(separator: "\n")
            .filter { !$0.contains("nh_info") }.sorted().joined(separator: "\n")
    }

    @Test(arguments: ["0", "1"])
    func `many gateways go by objects, and both forms are the same to a plan`(_ isCompatible: String) throws {
        try machine.script("echo \(isCompatible) > /proc/sys/net/ipv4/nexthop_compat_mode")
        try apply(Self.topology())
        #expect(try objects.count == Self.count)
        #expect(try routes().count == Self.count)
        try expectConverged(Self.topology())
        // The other form, by hand, of every other one.
        let lines = stride(from: 0, to: Self.count, by: 2).map { Self.plainRoute($0, "replace") }
        #expect(try machine.run("ip", "-batch", "-", input: lines.joined(separator: "\n") + "\n").status == 0)
        // What nothing goes by any more is all that is left to do.
        let plan = try weft("plan", Self.topology())
        #expect(plan.lines.last == "Plan: 0 to add, 0 to change, 0 to replace, 260 to remove, 520 unchanged.")
        try apply(Self.topology())
        #expect(try objects.count == Self.count / 2)
        try expectConverged(Self.topology())
        #expect(try machine.weft("destroy", "--host", "A").status == 0)
        #expect(try objects == [])
        #expect(try routes("10.") == [])
    }

    @Test func `the printed commands give the state that the applier gives, and printed removals what destroy leaves`()
        throws
    {
        let byHand = try Machine(address: "192.168.0.1/16")
        let before = try machine.dump()
        let script = try weft("plan", Self.topology(), "--format", "ip").output
        #expect(script.contains("ip nexthop replace id 3232235777 via 192.168.1.1 dev eth0 proto 119 onlink\n"))
        #expect(script.contains("ip route add 10.0.0.0/24 nhid 3232235777 proto bird\n"))
        try byHand.script(script)
        try apply(Self.topology())
        try expectSame(byHand.dump(), machine.dump())
        #expect(try byHand.run("ip", "-d", "nexthop").output == machine.run("ip", "-d", "nexthop").output)

        let emptied =
            #"{"version": 1, "name": "peers", "segments": [{"name": "lan", "subnet": "192.168.0.0/16"}], "hosts": [{"name": "A", "links": [{"segment": "lan", "address": "192.168.0.1"}]}]}"#
        try machine.script(try weft("plan", emptied, "--format", "ip").output)
        #expect(try objects == [])
        try expectSame(machine.dump(), before)
    }

    @Test func `routes that were made plainly are taken as they are`() throws {
        let script = try weft("plan", Self.topology(), "--format", "ip").output
        try machine.script(
            script.split(separator: "\n").filter { !$0.contains("nexthop") && !$0.contains("nhid") }
                .joined(separator: "\n"))
        let lines = (0..<Self.count).map { Self.plainRoute($0, "add") }
        #expect(try machine.run("ip", "-batch", "-", input: lines.joined(separator: "\n") + "\n").status == 0)
        try expectConverged(Self.topology())
        #expect(try objects == [])
    }

    @Test func `one gateway that changes, and peers that go, leave no object behind`() throws {
        try apply(Self.topology())
        try apply(Self.topology(oddGateway: true))
        #expect(try routes("via 192.168.200.1 ").count == 1)
        #expect(try objects.count == Self.count - 1)
        try expectConverged(Self.topology(oddGateway: true))
        try apply(Self.topology(peers: 100))
        #expect(try objects.count == 100)
        #expect(try routes("proto bird").filter { !$0.contains("blackhole") }.count == 100)
        try expectConverged(Self.topology(peers: 100))
    }

    @Test func `an apply that is taken back leaves no object behind`() throws {
        let before = try machine.dump()
        #expect(try machine.weft("apply", "-", "--host", "A", "--confirm", "60s", input: Self.topology()).status == 0)
        #expect(try objects.count == Self.count)
        #expect(try machine.weft("rollback", "--host", "A").status == 0)
        #expect(try objects == [])
        try expectSame(machine.dump(), before)

        try apply(Self.topology())
        let whole = try plainDump()
        #expect(
            try machine.weft("apply", "-", "--host", "A", "--confirm", "60s", input: Self.topology(peers: 3)).status
                == 0)
        #expect(try objects.count == 3)
        #expect(try machine.weft("rollback", "--host", "A").status == 0)
        try expectSame(plainDump(), whole)
        try expectConverged(Self.topology())
        #expect(try machine.weft("destroy", "--host", "A").status == 0)
        #expect(try objects == [])
    }

    @Test func `others' objects stay, and so do ours that another's route goes by`() throws {
        try machine.script(
            """
            ip nexthop add id 7 via 192.168.9.9 dev eth0
            ip nexthop add id 3232235781 via 192.168.9.9 dev eth0
            ip route add 10.240.0.0/16 nhid 7
            """)
        try apply(Self.topology())
        #expect(try objects.count == Self.count - 1 + 2)
        #expect(try routes("10.0.4.0/24").first?.hasPrefix("10.0.4.0/24 via 192.168.1.5 ") == true)
        try machine.script(
            """
            ip route add 10.241.0.0/16 nhid 3232235777
            ip nexthop add id 8 group 3232235778/7
            """)
        #expect(try machine.weft("destroy", "--host", "A").status == 0)
        let left = Set(try objects.map { $0.split(separator: " ")[1] })
        #expect(left == ["7", "8", "3232235781", "3232235777", "3232235778"])
        #expect(try routes("10.").map { $0.split(separator: " ")[0] } == ["10.240.0.0/16", "10.241.0.0/16"])
        // Once nobody goes by them, they go with the next apply.
        try machine.script("ip route delete 10.241.0.0/16; ip nexthop delete id 8")
        try apply(Self.topology(peers: 2))
        #expect(try Set(objects.map { $0.split(separator: " ")[1] }) == ["7", "3232235781"])
    }

    @Test func `an object that is deleted by hand takes its route along, and the agent mends that`() throws {
        try AgentMachine.with(text: Self.topology(), on: machine) { agent in
            #expect(try objects.count == Self.count)
            #expect(try agent.isConverged())
            let whole = try plainDump()
            try machine.script("ip nexthop delete id 3232235777")
            #expect(agent.hasLogged("repaired", "route "))
            #expect(try agent.isConverged())
            try expectSame(plainDump(), whole)
        }
    }

    @Test func `the link goes down and comes up: all is there again`() throws {
        try apply(Self.topology())
        let whole = try plainDump()
        try machine.script("ip link set eth0 down; ip link set eth0 up")
        #expect(try objects == [])
        try apply(Self.topology())
        #expect(try objects.count == Self.count)
        try expectSame(plainDump(), whole)
    }
}
