import Agent
import Applier
import ArgumentParser
import Forwarder
import Netlink
import NetnsHarness
import NetworkState

struct AgentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Keep a host as its topology says: watch the file and the kernel, and repair what differs.",
        discussion: """
            Runs until SIGTERM or SIGINT, and leaves the network as it is. A file that becomes invalid or goes away \
            changes nothing; one that no longer has this host clears it. SIGHUP reads it again, SIGUSR1 logs the status. \
            Example: weft agent /etc/weft/topology.json --host A --metrics 127.0.0.1:9586
            """
    )

    @Argument(help: "The topology file, or a directory with fragments of it.", completion: .file(extensions: ["json"]))
    var file: String

    @OptionGroup var target: HostOptions

    @Option(help: "How often to compare everything, even if nothing seems to have changed.")
    var interval = DurationArgument(.seconds(30))

    @Option(help: "observe says what differs, enforce puts it right.")
    var mode = Agent.Mode.enforce

    @Option(help: "Serve Prometheus metrics, /healthz and /readyz at ADDRESS:PORT, as 127.0.0.1:9586 or [::1]:9586.")
    var metrics: ListenAddress?

    @Option(name: .customLong("log-format"), help: "How to write the log, to standard error.")
    var logFormat = AgentLog.Format.text

    @Option(
        name: .customLong("attached-to"),
        help: "End when the process of this number ends, which must be the one that has started this.")
    var parent: Int32?

    func validate() throws {
        if file == "-" { throw ValidationError("an agent reads its topology again and again: give it a file") }
        if interval.duration < .seconds(1) { throw ValidationError("--interval takes a second or more") }
    }

    func run() throws {
        // All that is named by the machine's paths and addresses is opened before this process moves into a lab.
        let source = try reporting { () throws(SystemError) in
            try TopologySource(file, isCarried: target.lab != nil)
        }
        _ = try LoadedFile(reporting { () throws(SystemError) in try source.read() })
        let surroundings = try surroundings()
        let name = target.host ?? ThisProcess.hostname
        let log = AgentLog(host: name, format: logFormat)
        // Each look finds the same again.
        var told: Set<Notice> = []
        let managed = try target.managedHost(name) { notice in
            if told.insert(notice).inserted { log.write(LogEntry(.notice, .warning, reason: "\(notice)")) }
        }
        let lock = try converging { () throws(ApplyError) in try managed.ledger.lockAgainstAgents() }
        let settings = Agent.Settings(mode: mode, interval: interval.duration, version: Weft.configuration.version)
        do throws(SystemError) {
            var agent = try Agent(settings, managed, from: source, log: log, surroundings)
            try agent.run()
        } catch {
            Terminal.note("\(error)")
            throw CommandOutcome.failed.exitCode
        }
        extendLifetime(lock)
    }

    private func surroundings() throws -> Agent.Surroundings {
        let signals = try reporting { () throws(SystemError) in try SignalQueue() }
        let notifier = try reporting { () throws(SystemError) in try ServiceNotifier() }
        let listener = try metrics.map { address in
            try reporting { () throws(SystemError) in
                try StreamListener(at: SocketAddress(address.address, port: address.port), name: address.text)
            }
        }
        return Agent.Surroundings(signals: signals, notifier: notifier, listener: listener, lifeline: try lifeline())
    }

    /// A lab's agent ends with its lab.
    private func lifeline() throws -> Lifeline? {
        if let parent {
            guard let lifeline = Lifeline(parent: parent) else { throw CommandOutcome.done.exitCode }
            return lifeline
        }
        guard let lab = target.lab else { return nil }
        guard let lifeline = Lifeline(process: try runningLab(lab).process) else {
            throw CommandOutcome.failed.exitCode
        }
        return lifeline
    }
}

extension Agent.Mode: ExpressibleByArgument {}
extension AgentLog.Format: ExpressibleByArgument {}
