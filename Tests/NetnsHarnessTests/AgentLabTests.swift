import Applier
import Compiler
import Foundation
import Netlink
import NetnsHarness
import NetworkState
import TestSupport
import Testing

/// Six hosts, each with its agent, and what they do together.
@Suite(.namespaces)
struct AgentLabTests {
    /// `hosts`: the numbers of each host's containers, by the host's number.
    private static func topology(_ hosts: [Int: [Int]]) -> String {
        let texts = hosts.sorted { $0.key < $1.key }.map { host, containers in
            let members = containers.map { #"{ "name": "h\#(host)c\#($0)", "address": "172.17.\#(host).\#($0)" }"# }
            return """
                {
                  "name": "h\(host)",
                  "links": [{ "name": "eth0", "segment": "lan", "address": "192.168.100.\(100 + host)" }],
                  "subnet": "172.17.\(host).0/24",
                  "containers": [\(members.joined(separator: ", "))]
                }
                """
        }
        return """
            {
              "version": 1,
              "name": "agents",
              "network": { "profile": "calico", "pools": ["172.17.0.0/16"] },
              "segments": [{ "name": "lan", "subnet": "192.168.100.0/24" }],
              "hosts": [\(texts.joined(separator: ",\n"))]
            }
            """
    }

    /// Those whose packets must not notice anything: a ring, and back.
    private static let unaffected = ["h1c2", "h2c2", "h3c2", "h4c2"]

    private func ways(_ lab: Lab, newcomer: String) throws -> [PacketStream.Way] {
        let count = Self.unaffected.count
        let ring = try Self.unaffected.indices.flatMap { from in
            try [(from + 1) % count, (from + count - 1) % count].map { to in
                PacketStream.Way(from: from, to: try #require(IPAddress(parsing: "172.17.\(to + 1).2")))
            }
        }
        return ring + [PacketStream.Way(from: 0, to: try #require(IPAddress(parsing: newcomer)))]
    }

    @Test func `hosts and containers come and go, everything converges, and nobody else loses a packet`() throws {
        var hosts = Dictionary(uniqueKeysWithValues: (1...6).map { ($0, [2, 3]) })
        let agents = try AgentLab(Self.topology(hosts))
        defer { agents.tearDown() }
        try agents.expectConverged()
        let ways = try ways(agents.lab, newcomer: "172.17.5.9")
        let namespaces = try agents.lab.directory.hold(Self.unaffected)
        let newcomer = ways.count - 1
        let tallies = try withExtendedLifetime(namespaces) {
            try PacketStream.run(ways, in: namespaces.descriptors) { stream in
                #expect(eventually { ways.indices.dropLast().allSatisfy { stream.firstAnswer(on: $0) != nil } })

                hosts[5]?.append(9)
                let written = try agents.write(Self.topology(hosts))
                try #require(eventually { stream.firstAnswer(on: newcomer) != nil })
                let first = try #require(stream.firstAnswer(on: newcomer))
                let milliseconds = Double(first.nanoseconds - written.nanoseconds) / 1_000_000
                print("from the change of the file to a new container's first reply: \(milliseconds) ms")
                try agents.expectConverged()

                hosts[3] = [2]
                hosts[1]?.append(4)
                try agents.write(Self.topology(hosts))
                try agents.expectConverged()

                hosts[7] = [2, 3]
                try agents.rewire(Self.topology(hosts))
                try agents.write(Self.topology(hosts))
                try agents.startAgent(of: "h7")
                try agents.expectConverged()
                try agents.lab.expectProven()

                hosts[6] = nil
                try agents.write(Self.topology(hosts))
                try agents.expectConverged()
                #expect(try eventually { try !agents.lab.directory.list().contains { $0.hasPrefix("h6c") } })
                agents.endAgent(of: "h6")
                try agents.rewire(Self.topology(hosts))
                #expect(try !agents.lab.directory.list().contains("h6"))

                hosts[5] = []
                try agents.write(Self.topology(hosts))
                try agents.expectConverged()
            }
        }
        for (way, tally) in zip(ways, tallies).dropLast() {
            let from = Self.unaffected[way.source]
            #expect(tally.lost == 0, "\(from) to \(way.destination): \(tally.lost) of \(tally.sent) lost")
            // A quiet machine is through with it in less than a second.
            #expect(tally.sent > 300)
        }
        try agents.lab.expectProven()
    }

    /// Of each kind that there is: links, settings, addresses, neighbours, fdb entries, a table, routes, namespaces.
    private static let everyKind = """
        {
          "version": 1,
          "name": "kinds",
          "network": { "profile": "calico-vxlan", "pools": ["172.17.0.0/16"], "egress": "masquerade" },
          "segments": [{ "name": "lan", "subnet": "192.168.100.0/24" }],
          "hosts": [{ "name": "h{1..6}", "links": [{ "segment": "lan" }], "containers": 1 }]
        }
        """

    @Test func `whatever is deleted or changed by hand is repaired, each kind on each host`() throws {
        let agents = try AgentLab(Self.everyKind)
        defer { agents.tearDown() }
        try agents.expectConverged()
        for host in agents.lab.topology.hosts.map(\.name) {
            let state = try #require(try agents.lab.managedHost(host).ledger.read()).entries
            let drifts = HandMadeDrift.each(in: state)
            #expect(
                Set(drifts.map(\.kind)) == ["netns", "link", "sysctl", "address", "neighbour", "fdb", "table", "route"])
            for drift in drifts {
                let before = agents.repairs(of: drift.kind, on: host)
                try agents.script(on: host, drift.script)
                // What is told may be of the drift before, whose repairs are told one by one.
                let isRepaired = eventually(within: 30) {
                    agents.repairs(of: drift.kind, on: host) > before && agents.isConverged(host)
                }
                #expect(
                    isRepaired,
                    """
                    \(host), at \(WallClock.now): \(drift.script)
                    \(agents.log(of: host).suffix(5).joined(separator: "\n"))
                    now: \(agents.difference(on: host))
                    """)
            }
        }
        try agents.expectConverged()
        try agents.lab.expectProven()
    }

    @Test func `whatever of others is added, changed or deleted stays so, on each host`() throws {
        let agents = try AgentLab(Self.everyKind)
        defer { agents.tearDown() }
        try agents.expectConverged()
        let hosts = agents.lab.topology.hosts.map(\.name)
        let repairs = hosts.map { host in agents.log(of: host).count { $0.contains("event=repaired") } }
        for step in HandMadeDrift.ofOthers {
            var states: [String] = []
            for host in hosts {
                try agents.script(on: host, step)
                states.append(try agents.dumpOfOthers(on: host))
            }
            // Each agent has looked again, and not only because something was announced.
            let looked = MonotonicTime.now + .milliseconds(2_500)
            #expect(eventually { MonotonicTime.now > looked })
            for (host, state) in zip(hosts, states) { try expectSame(agents.dumpOfOthers(on: host), state) }
        }
        #expect(repairs == hosts.map { host in agents.log(of: host).count { $0.contains("event=repaired") } })
        try agents.expectConverged()
    }
}
