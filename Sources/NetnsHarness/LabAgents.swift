import Compiler
import Netlink
import NetworkState

/// Agents that keep hosts of a lab as declared, a `weft agent` each in its host's namespace, for as long as this process
/// wants them and no longer than it lives.
struct LabAgents {
    /// How long one may take to end, in milliseconds.
    private static let patience: CInt = 5_000

    private let lab: Lab
    private let directory: String
    private var processes: [String: ChildProcess] = [:]

    init(_ lab: Lab) {
        self.lab = lab
        directory = "\(lab.stateDirectory)/lab/agents"
    }

    /// Those that have one.
    var hosts: Set<String> { Set(processes.keys) }

    private var topologyFile: String { "\(directory)/topology.json" }

    /// - `hosts`: of which those that have an agent keep it.
    mutating func start(_ hosts: [String]) throws(SystemError) {
        try createDirectories(directory)
        try replaceFile(topologyFile, with: lab.source.text)
        for host in hosts where processes[host] == nil { processes[host] = try start(host) }
    }

    private func start(_ host: String) throws(SystemError) -> ChildProcess {
        let namespace = try lab.directory.open(host)
        let log = try OutputFile("\(directory)/\(host).log")
        let arguments = [
            "weft", "agent", topologyFile, "--host", host, "--state", lab.stateDirectory, "--interval", "1s",
            "--attached-to", String(ThisProcess.ownNumber),
        ]
        let (program, descriptors) = (lab.program, [CInt(2): log.rawDescriptor])
        return try namespace.run { () throws(SystemError) in
            try ChildProcess.spawn(program, arguments, descriptors: descriptors)
        }
    }

    mutating func stopAll() throws(SystemError) {
        for (_, process) in processes {
            if let handle = ProcessHandle(process.id), try !handle.end(waiting: Self.patience) {
                _ = try handle.kill(waiting: Self.patience)
            }
            _ = try process.wait()
        }
        processes = [:]
    }
}
