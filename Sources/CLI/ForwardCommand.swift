import Applier
import ArgumentParser
import Compiler
import Forwarder
import Netlink
import NetworkState

struct ForwardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forward",
        abstract: "Carry packets between a host's TUN link and its peers, in UDP: Flannel's UDP mode.",
        discussion: """
            Runs until SIGTERM or SIGINT, in the network it was started in, where weft apply has made the TUN link. Says \
            on standard output when it has begun. SIGHUP reads FILE again, SIGUSR1 prints the counters to standard \
            error, as the end does. Labs start one for each host by themselves. \
            Example: weft forward topologies/flannel-udp.json --host A
            """
    )

    @Argument(
        help: "The topology: a file, a directory of fragments, or - for standard input.",
        completion: .file(extensions: ["json"]))
    var file: String

    @Option(help: "The host of the topology; by default the one named like this machine.")
    var host: String?

    @Option(
        name: .customLong("attached-to"),
        help: "End when the process of this number ends, which must be the one that has started this.")
    var parent: Int32?

    @Option(
        help: "Hold a lock on this file, with the process's number in it, for as long as it runs.", completion: .file())
    var lock: String?

    func run() throws {
        let held = try lock.map(Self.hold)
        defer { extendLifetime(held) }
        let overlay = try Self.overlay(in: LoadedFile(file), host)
        let signals: SignalQueue? = try reporting { () throws(SystemError) in try SignalQueue() }
        let lifeline = try parent.map { id in
            guard let lifeline = Lifeline(parent: id) else { throw CommandOutcome.done.exitCode }
            return lifeline
        }
        var forwarder = try reporting(needing: .tun) { () throws(SystemError) in
            try Forwarder(overlay)
        }
        Terminal.print("forwarding between \(overlay.device) and \(overlay.node) port \(overlay.port)\n")
        defer { Self.report(forwarder.counters) }
        try reporting { () throws(SystemError) in
            try forwarder.run(signals: signals, lifeline: lifeline, reload: reload, report: Self.report)
        }
    }

    private static func hold(_ path: String) throws -> FileLock {
        let attempt = try reporting { () throws(SystemError) in
            try FileLock.acquire(path, timeout: .zero, note: String(ThisProcess.id))
        }
        switch consume attempt {
        case .acquired(let lock): return lock
        case .held(let process):
            Terminal.note("process \(process) forwards here already: it holds \(path)")
            throw CommandOutcome.locked.exitCode
        }
    }

    private static func overlay(in loaded: LoadedFile, _ host: String?) throws -> UDPOverlay {
        let index = try loaded.host(host)
        guard loaded.topology.model.encapsulation == .udp, let overlay = loaded.topology.udpOverlay(forHost: index)
        else {
            Terminal.note(
                "\(loaded.source.name): the encapsulation is '\(loaded.topology.model.encapsulation.rawValue)', "
                    + "which the kernel does by itself; only 'udp' needs a forwarder")
            throw CommandOutcome.failed.exitCode
        }
        return overlay
    }

    /// A file that has become no topology changes nothing; its mistakes are printed. Standard input cannot be read
    /// twice.
    private func reload() -> UDPOverlay? {
        guard file != "-" else { return nil }
        return try? Self.overlay(in: LoadedFile(file), host)
    }

    private static func report(_ counters: ForwardingCounters) {
        try? write(counters.json.line + "\n", to: Terminal.error)
    }
}
