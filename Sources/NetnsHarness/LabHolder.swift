package import Compiler
package import Netlink
import NetworkState

/// The life of the process that a lab lives in: the first process of a process namespace of its own.
///
/// When it ends, by whatever means, the kernel ends every process of the lab, and with its mounts go the namespaces,
/// the wires and the routes. Nobody has to clean up, so nobody can fail to.
package enum LabHolder {
    private static let ready = "ready"

    /// Starts a lab from `source` and waits until it is up: 0, or the exit code of the holder, which has then said
    /// what went wrong.
    package static func start(name: String, source: SourceText, isBare: Bool) throws(SystemError) -> CInt {
        // First: whoever separates without privileges becomes root in a user namespace.
        let registry = LabRegistry.ofThisUser()
        try Seclusion.separateProcesses()
        let holder = try spawn(name, source, in: registry, isBare ? ["--bare"] : [])
        return holder.failure ?? 0
    }

    /// Starts a process that a lab lives in which is up already in the calling thread's mounts. Gives its number.
    static func keep(_ lab: Lab, as name: String, in registry: LabRegistry) throws(SystemError) -> CInt {
        // By a thread that starts no others: the kernel allows none to one whose children are of another process namespace.
        let thread = try RunningThread { () throws(SystemError) in
            try Seclusion.separateProcesses()
            return try spawn(name, lab.source, in: registry, ["--built"])
        }
        let holder = try thread.join().get()
        guard let code = holder.failure else { return holder.process }
        throw SystemError(
            "keep lab '\(name)'", errno: Errno.inputOutput,
            explanation: "the process that was to hold it ended with \(code)")
    }

    /// - `failure`: what it has exited with, having said what went wrong; nil if the lab is up.
    private static func spawn(
        _ name: String, _ source: SourceText, in registry: LabRegistry, _ options: [String]
    ) throws(SystemError) -> (process: CInt, failure: CInt?) {
        var text = try OneWayPipe()
        var word = try OneWayPipe()
        let holder = try ChildProcess.spawn(
            ThisProcess.program, ["weft", "lab", "hold", name, registry.directory] + options,
            descriptors: [0: text.readingDescriptor, 1: word.writingDescriptor])
        text.finish(saying: source.json.line)
        if try word.readToEnd() == ready { return (holder.id, nil) }
        let code = try holder.wait()
        return (holder.id, code == 0 ? 1 : code)
    }

    /// Tells the one who started this process that the lab is up, and keeps it up until this process is ended.
    package static func stay() throws(SystemError) {
        try write(ready, to: 1)
        try ThisProcess.detach()
        ThisProcess.reapForever()
    }

    /// Runs `command` in `node` of a lab and gives its exit status, as a shell would tell it.
    ///
    /// The command is one of the lab's processes: it ends with the lab.
    package static func run(_ command: [String], in node: String, of record: LabRecord) throws(SystemError) -> CInt {
        try Seclusion.join(process: record.process, processes: true)
        try Seclusion.enterNetwork(at: NetnsDirectory().file(of: node))
        let child = try ChildProcess.spawn(command[0], command)
        ThisProcess.leaveInterruptsToChild()
        return try child.wait()
    }
}
