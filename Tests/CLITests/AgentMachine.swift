import Foundation
import TestSupport
import Testing

/// A machine with an agent on it, and the topology's file that the agent watches.
struct AgentMachine {
    let machine: Machine
    let agent: RunningProgram
    let folder: URL
    let file: URL

    /// Starts an agent for host A and waits until it has applied the topology, or has looked in mode `observe`.
    ///
    /// - `text`: what to write instead of a topology that there is.
    init(
        _ topology: String = "calico-two-hosts", _ options: [String] = [], text: String? = nil,
        on machine: Machine? = nil, environment: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let machine = try machine ?? Machine()
        folder = FileManager.default.temporaryDirectory.appending(path: "weft-agent-\(UUID().uuidString)")
        file = folder.appending(path: "topology.json")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data((text ?? TopologyFile(topology).text).utf8).write(to: file)
        self.machine = machine
        agent = try machine.start(
            [Weft.path, "agent", file.path, "--host", "A", "--interval", "1s"] + options, environment: environment)
        let isUp = eventually(within: 20) { [agent] in
            agent.errors.contains("event=applied") || agent.errors.contains("event=drift") || !agent.isRunning
        }
        try #require(isUp && agent.isRunning, "\(agent.errors)", sourceLocation: sourceLocation)
    }

    /// As it stands in `calico-two-hosts`, with what is before it.
    static let secondContainer =
        ",\n        { \"name\": \"A2\", \"address\": \"172.17.8.3\", \"link\": \"veth2\" }"

    /// Has an agent at work while `body` runs.
    static func with(
        _ topology: String = "calico-two-hosts", _ options: String..., text: String? = nil,
        on machine: Machine? = nil,
        environment: [String: String] = [:], _ body: (AgentMachine) throws -> Void
    ) throws {
        let machine = try AgentMachine(topology, options, text: text, on: machine, environment: environment)
        defer { machine.tearDown() }
        try body(machine)
    }

    /// Ends the agent and removes its file.
    func tearDown() {
        if agent.isRunning { _ = agent.end() }
        try? FileManager.default.removeItem(at: folder)
    }

    /// The lines of the log about `event`, from the beginning.
    func lines(_ event: String) -> [String] {
        agent.errors.split(separator: "\n").filter { $0.contains("event=\(event)") }.map(String.init)
    }

    /// Waits until the log has a line about `event` that has all of `words`, after as many lines as `skipping`.
    func hasLogged(_ event: String, _ words: String..., skipping: Int = 0) -> Bool {
        eventually { lines(event).dropFirst(skipping).contains { line in words.allSatisfy(line.contains) } }
    }

    /// Puts another text in the place of the topology's.
    func replaceTopology(_ change: (String) -> String) throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        let changed = change(text)
        try #require(changed != text)
        try Data(changed.utf8).write(to: file, options: .atomic)
    }

    /// Waits until the host is as its topology says.
    func isConverged() throws -> Bool {
        try eventually { try machine.weft("plan", file.path, "--host", "A", "--exit-code").status == 0 }
    }
}
