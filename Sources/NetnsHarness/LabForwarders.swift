import Applier
import Compiler
import Netlink

/// The forwarders of a lab's hosts, a process each, in models whose packets pass through one.
///
/// Each holds a lock on a file of its own for as long as it runs and has left its number there: that tells whether one
/// runs, whoever started it.
struct LabForwarders {
    /// How long one may take to end, in milliseconds.
    private static let patience: CInt = 5_000

    private let lab: Lab
    private let directory: String

    init(_ lab: Lab) {
        self.lab = lab
        directory = "\(lab.stateDirectory)/lab/forwarders"
    }

    private var topologyFile: String { "\(directory)/topology.json" }
    private func lockFile(of host: String) -> String { "\(directory)/\(host).lock" }

    /// Brings what runs in line with the lab's topology: ends what is not needed, starts what is missing, and has the
    /// others read the topology again.
    ///
    /// - `holder`: the process of the lab to whose processes those that are started shall belong; nil if it is this one,
    ///   with which they then end.
    func converge(holder: CInt?) throws(SystemError) {
        let needed = Set(lab.topology.hosts.indices.filter { lab.topology.needsForwarder($0) }.map(name))
        for host in try running() where !needed.contains(host) { try stop(host) }
        guard !needed.isEmpty else { return }
        try createDirectories(directory)
        try replaceFile(topologyFile, with: lab.source.text)
        for host in needed.sorted() {
            if let process = try process(of: host) {
                try process.reload()
            } else {
                try start(host, holder)
            }
        }
    }

    func stopAll() throws(SystemError) {
        for host in try running() { try stop(host) }
        for file in try listDirectory(directory) { try removeFile("\(directory)/\(file)") }
    }

    /// By host: the numbers of the processes, as the lab's own process knows them.
    func processes() throws(SystemError) -> [String: CInt] {
        var processes: [String: CInt] = [:]
        for host in try running() { processes[host] = try number(of: host) }
        return processes
    }

    private func name(_ host: Int) -> String { lab.topology.hosts[host].name }

    private func running() throws(SystemError) -> [String] {
        try listDirectory(directory).filter { $0.hasSuffix(".lock") }.map { String($0.dropLast(5)) }
    }

    /// Nil if none runs.
    private func number(of host: String) throws(SystemError) -> CInt? {
        switch try FileLock.acquire(lockFile(of: host), timeout: .zero, note: "") {
        case .acquired: nil
        case .held(let note): CInt(note)
        }
    }

    private func process(of host: String) throws(SystemError) -> ProcessHandle? {
        guard let number = try number(of: host) else { return nil }
        return ProcessHandle(number)
    }

    private func start(_ host: String, _ holder: CInt?) throws(SystemError) {
        let namespace = try lab.directory.open(host)
        let arguments =
            (holder.map { ["weft", "lab", "adopt", "--holder", String($0), "--"] } ?? ["weft"])
            + ["forward", topologyFile, "--host", host, "--lock", lockFile(of: host)]
            + (holder == nil ? ["--attached-to", String(ThisProcess.ownNumber)] : [])
        let log = "\(directory)/\(host).log"
        let errors = try OutputFile(log)
        var word = try OneWayPipe()
        let program = lab.program
        let descriptors: [CInt: CInt] = [1: word.writingDescriptor, 2: errors.rawDescriptor]
        _ = try namespace.run { () throws(SystemError) in
            try ChildProcess.spawn(program, arguments, descriptors: descriptors)
        }
        // It says a line once it has begun, or ends, having said why.
        guard try word.readLine() == nil else { return }
        let reason = try readFile(log).split(separator: "\n").first.map(String.init)
        throw SystemError("start the forwarder of host \(host)", errno: Errno.inputOutput, explanation: reason)
    }

    private func stop(_ host: String) throws(SystemError) {
        if let process = try process(of: host), try !process.end(waiting: Self.patience) {
            _ = try process.kill(waiting: Self.patience)
        }
        try removeFile(lockFile(of: host))
    }
}

extension ValidTopology {
    /// Whether packets of the host, an index into ``hosts``, pass through a forwarder.
    fileprivate func needsForwarder(_ host: Int) -> Bool {
        model.encapsulation == .udp && !hosts[host].blocks.isEmpty && udpOverlay(forHost: host) != nil
    }
}
