import Applier
import Compiler
import Foundation
import JSONReader
import Netlink
import NetworkState
import TestSupport
import Testing

@testable import NetnsHarness

/// The lecture's two hosts under one model after the other.
@Suite(.namespaces)
struct ModelSwitchTests {
    private let folder = "/run/weft-\(UUID().uuidString)"

    /// Those that this kernel and user have. User-mode Linux, being slow, takes just the pairs that others may lack.
    private static let profiles = NetworkModel.Profile.allCases.filter { profile in
        profile.model.neededFeatures.allSatisfy(ThisKernel.has)
    }

    private static func isWanted(_ first: NetworkModel.Profile, _ second: NetworkModel.Profile) -> Bool {
        !ThisKernel.isFull
            || [first, second].contains { !ThisKernel.rarities.isDisjoint(with: $0.model.neededFeatures) }
    }

    /// The names and addresses of one topology, with another model.
    private func lab(_ profile: NetworkModel.Profile) throws -> Lab {
        var topology = try #require(try JSON(parsing: try TopologyFile("calico-two-hosts").text).object)
        topology["name"] = "lecture"
        topology["network"] = .object(["profile": .string(profile.rawValue), "pools": ["172.17.0.0/16"]])
        let source = SourceText(name: "\(profile.rawValue).json", text: JSON.object(topology).text)
        return Lab(
            try load(source), source: source, directory: NetnsDirectory("\(folder)/netns"),
            stateDirectory: "\(folder)/state", program: Weft.path)
    }

    /// A kernel with ipip makes a `tunl0`, which the first time that it is up gives a queue and IPv6 for good: so each has
    /// been up once.
    private func rouseTunnels(of lab: Lab) throws {
        for host in lab.topology.hosts {
            try lab.script(
                in: host.name,
                """
                if ip link show tunl0 2>/dev/null | grep -q DOWN; then
                    ip link set tunl0 up
                    ip link set tunl0 down
                fi
                """)
        }
    }

    @Test func `FullKernel: every model becomes every other, and is as if it had been there from the start`() throws {
        var fresh: [NetworkModel.Profile: String] = [:]
        for profile in Self.profiles {
            let lab = try lab(profile)
            defer { try? lab.down() }
            try lab.up()
            try rouseTunnels(of: lab)
            fresh[profile] = try LabDump(lab).text
        }
        let first = try lab(Self.profiles[0])
        try first.up()
        try rouseTunnels(of: first)
        defer { try? first.down() }
        var present = Self.profiles[0]
        for (index, profile) in Self.profiles.enumerated() {
            for other in Self.profiles[(index + 1)...] where Self.isWanted(profile, other) {
                for next in [profile, other, profile] where next != present {
                    let lab = try lab(next)
                    try lab.apply()
                    try expectSame(LabDump(lab).text, try #require(fresh[next]))
                    try lab.expectProven()
                    present = next
                }
            }
        }
    }

    @Test func `hosts and containers join and leave, and the others lose no packet`() throws {
        let lab = try lab(.calico)
        try lab.up()
        defer { try? lab.down() }
        let before = try LabDump(lab, nodes: ["A1", "B1"]).text

        var topology = try #require(try JSON(parsing: lab.source.text).object)
        let hosts = try #require(topology["hosts"]?.array)
        var second = try #require(hosts[1].object)
        second["containers"] = .array((second["containers"]?.array ?? []).filter { $0["name"] != "B2" })
        topology["hosts"] = .array([
            hosts[0], .object(second),
            .object([
                "name": "C", "links": [.object(["segment": "lan"])], "subnet": "172.17.10.0/24", "containers": 2,
            ]),
        ])
        let source = SourceText(name: "three.json", text: JSON.object(topology).text)
        let larger = Lab(
            try load(source), source: source, directory: lab.directory, stateDirectory: lab.stateDirectory,
            program: Weft.path)
        try lab.expectNoLoss(between: ["A1", "B1"]) { try larger.apply() }
        #expect(try !larger.directory.list().contains("B2"))
        #expect(try LabDump(lab, nodes: ["A1", "B1"]).text == before)
        try larger.expectProven()

        try lab.expectNoLoss(between: ["A1", "B1"]) { try lab.apply() }
        #expect(try Set(lab.directory.list()) == Set(lab.nodes.map(\.name) + ["%switches"]))
        try lab.expectProven()
    }

    @Test func `a tunnel whose host gets another address is made anew`() throws {
        let lab = try lab(.calicoVXLAN)
        try lab.up()
        defer { try? lab.down() }
        let text = lab.source.text.replacing("192.168.100.100", with: "192.168.100.110")
        let source = SourceText(name: "moved.json", text: text)
        let moved = Lab(
            try load(source), source: source, directory: lab.directory, stateDirectory: lab.stateDirectory,
            program: Weft.path)
        try moved.apply()
        let link = try moved.run(in: "A", "ip", "-d", "link", "show", "vxlan.calico").output
        #expect(link.contains("local 192.168.100.110"), "\(link)")
        try moved.expectProven()
    }

    @Test func `a container that moves to another host is taken from the first`() throws {
        let lab = try lab(.flannelVXLAN)
        try lab.up()
        defer { try? lab.down() }
        let moved = lab.source.text.replacing("\"A1\"", with: "\"?\"").replacing("\"B1\"", with: "\"A1\"")
            .replacing("\"?\"", with: "\"B1\"")
        let source = SourceText(name: "moved.json", text: moved)
        let exchanged = Lab(
            try load(source), source: source, directory: lab.directory, stateDirectory: lab.stateDirectory,
            program: Weft.path)
        try exchanged.apply()
        try exchanged.expectProven()
    }
}

/// All that the namespaces of a lab's machines and containers hold, as the standard tools print it, in no order of time.
///
/// Neighbours that a lab fills in are left out: whether it does depends on how full the machine's table is.
struct LabDump {
    let text: String

    private static let script = """
        { ip -o -d link; ip -o -d address; ip -d route show table all; ip -6 -d route show table all; } |
            sed 's/^[0-9]*: //' | sort
        { ip neighbour show nud permanent; ip -6 neighbour show nud permanent; } | grep -E 'dev (vxlan|flannel)'
        bridge fdb | grep permanent | sort
        nft -s list ruleset; sysctl -a --pattern '^net\\.ipv[46]\\.(conf|neigh|ip_)'
        """

    init(_ lab: Lab, nodes: [String]? = nil) throws {
        let machines = lab.nodes.filter { $0.kind != .segment }.map(\.name)
        text = try machines.filter { nodes?.contains($0) ?? true }.map { name in
            let file = lab.directory.file(of: name)
            let dump = try run(["nsenter", "--net=\(file)", "sh", "-c", Self.script])
            return "== \(name)\n" + StateDump.normalised(dump.output)
        }.joined()
    }
}
