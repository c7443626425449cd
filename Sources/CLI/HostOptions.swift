import Applier
import ArgumentParser
import Netlink
import NetnsHarness
import NetworkState

/// Which machine a command works on: this one, or a host of a lab.
struct HostOptions: ParsableArguments {
    @Option(help: "The host of the topology; by default the one named like this machine.")
    var host: String?

    @Option(help: "Work on that host of this lab instead of this machine.")
    var lab: String?

    @Option(
        name: .customLong("state"), help: "Where ledgers are kept on this machine.", completion: .directory)
    var stateDirectory = Lab.stateDirectory

    /// What stands before a command of this program that is to be started beside the host, and to end with its lab.
    func launcher() throws -> [String] {
        guard let lab else { return [] }
        return ["lab", "adopt", "--holder", String(try runningLab(lab).process), "--"]
    }

    /// The machine called `name`. With a lab, this process moves into it: read every file before.
    ///
    /// - `lock`: for commands that change it.
    func managedHost(
        _ name: String, _ lock: LockOptions? = nil, report: @escaping (Notice) -> Void = { Terminal.note("\($0)") }
    ) throws -> ManagedHost {
        let timeout = lock?.timeout.duration ?? .zero
        guard let lab else {
            return ManagedHost(name, stateDirectory: stateDirectory, lockTimeout: timeout, report: report)
        }
        let record = try runningLab(lab)
        try reporting { () throws(SystemError) in try Seclusion.join(process: record.process) }
        return ManagedHost(
            name, namespaces: HostNamespaces(own: .named(name)), stateDirectory: Lab.stateDirectory,
            lockTimeout: timeout, report: report)
    }
}

/// What to do about another run on the same host: of two, the second waits, or gives up.
struct LockOptions: ParsableArguments {
    @Option(
        name: .customLong("lock-timeout"),
        help: "How long to wait for another run on this host to end, as 10s; by default it is not waited for.")
    var timeout = DurationArgument(.zero)
}

/// The lab called `name`, which must be up.
func runningLab(_ name: String) throws -> LabRecord {
    let registry = LabRegistry.ofThisUser()
    if let record = try reporting({ () throws(SystemError) in try registry.find(name) }) { return record }
    Terminal.note("no lab called '\(name)' is up: weft lab list tells which are")
    throw CommandOutcome.failed.exitCode
}

/// Does what a system call may refuse; a refusal is printed and ends the command.
///
/// - `feature`: what the machine or its user lacks if the kernel withholds it.
func reporting<Value: ~Copyable>(
    needing feature: KernelFeature? = nil, _ body: () throws(SystemError) -> Value
) throws -> Value {
    do throws(SystemError) {
        return try body()
    } catch {
        guard let feature, error.isWithheld else {
            Terminal.note("\(error)")
            throw CommandOutcome.failed.exitCode
        }
        Terminal.note("\(error): \(feature.remedy)")
        throw CommandOutcome.lacking.exitCode
    }
}
