import Applier
import Compiler
import Foundation
import JSONReader
import Netlink
import NetnsHarness
import NetworkState
import TestSupport
import Testing

/// A lab of machines and wires alone, with an agent on each host that follows one file.
final class AgentLab {
    let name = "agents-\(UUID().uuidString.prefix(8))"
    private let folder: URL
    private let process: Int32
    private var agents: [String: RunningProgram] = [:]
    private(set) var lab: Lab

    var file: String { folder.appending(path: "topology.json").path }

    init(_ topology: String) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appending(path: "topology.json").path
        try replaceFile(path, with: topology)
        let up = try Weft.run("lab", "up", path, "--bare", "--name", name)
        try #require(up.status == 0, "\(up.errors)")
        let status = try JSON(parsing: try Weft.run("lab", "status", name, "--format", "json").output)
        process = try #require(status["process"]?.integer.map(Int32.init))
        lab = try Self.lab(topology, seenFrom: process)
        for host in lab.topology.hosts { try startAgent(of: host.name) }
    }

    func tearDown() {
        for agent in agents.values where agent.isRunning { _ = agent.end() }
        _ = try? Weft.run("lab", "down", name)
        try? FileManager.default.removeItem(at: folder)
    }

    /// The lab's namespaces and ledgers, as they are seen from outside it.
    private static func lab(_ topology: String, seenFrom process: Int32) throws -> Lab {
        let source = SourceText(name: "topology.json", text: topology)
        return Lab(
            try load(source), source: source, directory: NetnsDirectory("/proc/\(process)/root/run/netns"),
            stateDirectory: "/proc/\(process)/root/run/weft", program: Weft.path)
    }

    func startAgent(of host: String) throws {
        agents[host] = try Weft.start("agent", file, "--lab", name, "--host", host, "--interval", "2s")
    }

    func endAgent(of host: String) {
        _ = agents.removeValue(forKey: host)?.end()
    }

    func log(of host: String) -> [String] {
        (agents[host]?.errors ?? "").split(separator: "\n").map(String.init)
    }

    /// How often the agent of `host` has repaired something of `kind`.
    func repairs(of kind: String, on host: String) -> Int {
        log(of: host).count { $0.contains("event=repaired") && $0.contains("\(kind) ") }
    }

    /// Makes and removes machines and wires, and nothing else.
    func rewire(_ topology: String) throws {
        let applied = try Weft.run("lab", "apply", name, "-", "--bare", input: topology)
        try #require(applied.status == 0, "\(applied.errors)")
    }

    /// Writes another topology into the file that the agents follow, and gives the time.
    @discardableResult
    func write(_ topology: String) throws -> MonotonicTime {
        lab = try Self.lab(topology, seenFrom: process)
        try replaceFile(file, with: topology)
        return .now
    }

    /// Waits until every host is as the topology says.
    func expectConverged(sourceLocation: SourceLocation = #_sourceLocation) throws {
        for host in lab.topology.hosts.map(\.name) {
            let hasConverged = eventually(within: 30) { isConverged(host) }
            #expect(
                hasConverged, "\(difference(on: host))\(log(of: host).suffix(10).joined(separator: "\n"))",
                sourceLocation: sourceLocation)
        }
    }

    func isConverged(_ host: String) -> Bool {
        let plan = plan(on: host)
        return plan?.changes.isEmpty == true && plan?.conflicts.isEmpty == true
    }

    /// What differs on `host` from the topology now.
    func difference(on host: String) -> String { plan(on: host).map { PlanText($0).text } ?? "no plan" }

    /// Nil if it cannot be made: namespaces come and go under this look.
    private func plan(on host: String) -> Plan? {
        guard let index = lab.topology.hosts.firstIndex(where: { $0.name == host }) else { return nil }
        var managed = lab.managedHost(host)
        return try? managed.plan(for: CompiledHost(lab.topology, host: index, source: lab.source))
    }

    /// Runs a shell script on one of the hosts, which must succeed.
    func script(on host: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let finished = try Weft.run("lab", "exec", name, host, "--", "sh", "-eu", "-c", text)
        try #require(finished.status == 0, "\(finished.errors)in: \(text)", sourceLocation: sourceLocation)
    }

    /// All that a host has by the standard tools.
    func dumpOfOthers(on host: String) throws -> String {
        let script = """
            ip -d link; ip -d address; ip -d route show table all; ip rule; bridge fdb
            ip neighbour show nud permanent | sort; nft -s list ruleset; sysctl -a --pattern '^net.ipv[46].conf'
            """
        return StateDump.normalised(try Weft.run("lab", "exec", name, host, "--", "sh", "-c", script).output)
    }
}
