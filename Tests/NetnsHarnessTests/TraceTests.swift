import Compiler
import Foundation
import Netlink
import NetworkState
import TestSupport
import Testing

@testable import NetnsHarness

/// The stories of packets, as they are seen in labs.
@Suite(.namespaces)
struct TraceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let topology: String
        var to = "B1"
        var means = ProbeProtocol.icmp
        /// What is done to a node before.
        var sabotage: (node: String, script: String)?

        var testDescription: String { name }
        var name: String { "\(topology)-A1-\(to)-\(means.rawValue)" + (sabotage == nil ? "" : "-lost") }
    }

    private func trace(_ file: Case, _ body: (PacketTrace) throws -> Void) throws {
        try TestLab.with(TopologyFile(file.topology), mayPin: false) { lab in
            if let (node, script) = file.sabotage { try lab.script(in: node, script) }
            let question = try #require(lab.topology.question(from: "A1", to: file.to, by: file.means))
            var trace = try PacketTrace.run(question, in: lab, forgettingNeighbours: true)
            // It asks but once, and the kernel's neighbour table and queues are those of other tests' labs too.
            for _ in 1..<Self.attempts where trace.story.isAnswered != (file.sabotage == nil) {
                trace = try PacketTrace.run(question, in: lab, forgettingNeighbours: true)
            }
            try body(trace)
        }
    }

    private static let attempts = 3

    private func expectStory(_ file: Case, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try trace(file) { trace in
            let golden = Repository.tests.appending(path: "NetnsHarnessTests/Golden/traces/\(file.name).txt")
            expectGolden(trace.story.text.withoutChance, golden, sourceLocation: sourceLocation)
            let schema = Repository.root.appending(path: "schema/trace.schema.json")
            let verdicts = try SchemaValidation.verdicts(on: [trace.story.json.line], schema: schema)
            #expect(verdicts == ["accepted"], sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: [
        Case(topology: "calico-two-hosts"),
        Case(topology: "calico-two-hosts", means: .tcp),
        Case(topology: "calico-two-hosts", to: "A2", means: .udp),
        Case(topology: "calico-vxlan"),
        Case(topology: "calico-ipv6", means: .tcp),
        Case(topology: "flannel-vxlan"),
        Case(topology: "flannel-vxlan", to: "A2"),
        Case(topology: "docker-nat", to: "web", means: .tcp),
        Case(topology: "docker-nat"),
        Case(
            topology: "calico-two-hosts", means: .udp,
            sabotage: ("B", "echo 0 > /proc/sys/net/ipv4/conf/eth0/forwarding")),
        Case(
            topology: "calico-two-hosts", means: .tcp,
            sabotage: ("A", "echo 0 > /proc/sys/net/ipv4/conf/veth1/proxy_arp")),
        Case(topology: "calico-vxlan", sabotage: ("B", "ip link set vxlan.calico down")),
    ])
    func `a packet's story is told from node to node`(_ file: Case) throws { try expectStory(file) }

    @Test(.tunDevice) func `the story of a packet in UDP leads through the forwarders`() throws {
        try expectStory(Case(topology: "flannel-udp"))
    }

    @Test(arguments: ProbeProtocol.allCases)
    func `the times of a story run on, and the time to live runs down`(_ means: ProbeProtocol) throws {
        try trace(Case(topology: "calico-vxlan", means: means)) { trace in
            let steps = trace.story.steps
            for leg in [PacketStory.Leg.there, .back] {
                let seen = steps.filter { $0.leg == leg && $0.event.passing != nil }
                #expect(seen.compactMap(\.microseconds) == seen.compactMap(\.microseconds).sorted())
                // Those that are the packet itself, and no envelope.
                let inner = seen.compactMap(\.event.passing).filter { $0.source.description.hasPrefix("172.17.") }
                #expect(inner.map(\.timeToLive) == [64, 64, 63, 63, 62, 62], "\(trace.story.text)")
            }
            #expect(trace.story.steps.compactMap(\.microseconds).min() == 0)
            guard case .answered(let time?) = trace.story.outcome else { return #expect(Bool(false)) }
            #expect(time > 0)
        }
    }

    @Test(.tshark) func `a story's capture has its frames, each with what it is`() throws {
        try trace(Case(topology: "calico-two-hosts")) { trace in
            let folder = try TemporaryFolder()
            try Data(trace.capture.bytes).write(to: folder.file("story.pcapng"))
            let rows = try Tshark.read(
                folder.file("story.pcapng"), ["frame.comment", "frame.interface_name", "ip.ttl"])
            let questions = rows.filter { $0[0] == "A1 asks B1 by icmp: the question" }
            #expect(
                questions.map { [$0[1], $0[2]] } == [
                    ["A1:eth0", "64"], ["A:veth1", "64"], ["A:eth0", "63"], ["B:eth0", "63"], ["B:veth1", "62"],
                    ["B1:eth0", "62"],
                ])
            #expect(rows.filter { $0[0] == "A1 asks B1 by icmp: the answer" }.count == 6)
            #expect(rows.contains { $0[0].isEmpty }, "ARP is nobody's question")
        }
    }

    @Test func `a lab that others use is asked as it is`() throws {
        try TestLab.with(TopologyFile("calico-two-hosts")) { lab in
            try lab.expectAnswers(to: [Probe(from: "A1", to: "B1", address: address("172.17.9.2"), protocol: .icmp)])
            let question = try #require(lab.topology.question(from: "A1", to: "B1", by: .icmp))
            let story = try PacketTrace.run(question, in: lab, forgettingNeighbours: false).story
            #expect(story.isAnswered)
            let resolutions = story.steps.filter { if case .resolves = $0.event { true } else { false } }
            #expect(resolutions.isEmpty, "\(story.text)")
        }
    }
}

extension PacketStory.Event {
    fileprivate var passing: PacketStory.Passing? {
        switch self {
        case .receives(let passing), .sends(let passing): passing
        default: nil
        }
    }
}

extension String {
    /// The same whatever the clock and the kernel's dice say: times, link-layer addresses that are not the same on every
    /// host, TCP's ports.
    fileprivate var withoutChance: String {
        var known: [String: String] = [:]
        var text = replacing(/[0-9a-f]{2}(:[0-9a-f]{2}){5}/) { match in
            let address = String(match.0)
            if address == "ee:ee:ee:ee:ee:ee" { return address }
            let name = known[address] ?? "MAC-\(known.count + 1)"
            known[address] = name
            return name
        }
        text = text.replacing(/\d+ µs/, with: "N µs")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let rest = line.drop { $0 == " " }
            let indent = line.count - rest.count > 2 ? "    " : String(repeating: " ", count: line.count - rest.count)
            return indent + rest.replacing(/\ {2,}/, with: "  ")
        }
        return lines.joined(separator: "\n")
    }
}
