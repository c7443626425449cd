import CLinux

/// A process namespace (pid_namespaces(7)) that ends with this value, or with this process, however that ends: its first process
/// reads from a pipe that this process alone writes to, and when that one has ended, the kernel ends all others.
package final class ProcessNamespace {
    private let first: ChildProcess
    private let handle: OwnedFileDescriptor
    private var lifeline: OneWayPipe

    /// - `program`: the first process's, which has to end once its standard input does, and to collect what becomes its child
    ///   meanwhile (``ThisProcess/attend()``).
    /// - `arguments`: the program's name first.
    package init(first program: String, _ arguments: [String]) throws(SystemError) {
        let pipe = try OneWayPipe()
        let reading = pipe.readingDescriptor
        let child = try onNewThread { () throws(SystemError) in
            try Seclusion.separateProcesses()
            return try ChildProcess.spawn(program, arguments, descriptors: [0: reading])
        }
        handle = OwnedFileDescriptor(
            owning: try systemCall("hold process \(child.id)") { clinux_pidfd_open(child.id) })
        first = child
        lifeline = pipe
    }

    /// Starts a program in it and in a network, as ``ChildProcess/spawn(_:_:descriptors:)`` does.
    package func spawn(
        _ path: String, _ arguments: [String], descriptors: [CInt: CInt], in network: borrowing NetworkNamespace
    ) throws(SystemError) -> ChildProcess {
        let (processes, network) = (handle.rawValue, network.descriptor.rawValue)
        // A thread of its own, as it can start no others once its children are of another process namespace (clone(2)).
        return try onNewThread { () throws(SystemError) in
            try systemCall("enter a process namespace") { clinux_setns(processes, clinux_CLONE_NEWPID) }
            try systemCall("enter network namespace") { clinux_setns(network, clinux_CLONE_NEWNET) }
            return try ChildProcess.spawn(path, arguments, descriptors: descriptors)
        }
    }

    /// Ends whatever runs in it, and waits until it is gone.
    package func end() throws(SystemError) {
        lifeline.finish(saying: "")
        _ = try first.wait()
    }
}
