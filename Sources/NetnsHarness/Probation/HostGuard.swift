package import Applier
package import Netlink

/// The process that takes an apply back unless somebody confirms it in time: `weft guard`.
///
/// It holds a lock on a file of its own for as long as it runs and has left its number there, so that whoever settles
/// the matter can send it home, and no two watch over one host.
package final class HostGuard {
    /// How long one may take to end, in milliseconds.
    private static let patience: CInt = 5_000

    private let lockPath: String
    /// What has become of applies that had to be confirmed, a line each.
    package let logPath: String
    /// What the one that was started says.
    private var word: OneWayPipe?

    package init(of file: LedgerFile) {
        lockPath = file.path(of: "guard.lock")
        logPath = file.path(of: "log")
    }

    /// Starts `arguments`, a command line of this program, and waits until it watches.
    package func start(_ arguments: [String]) throws(ApplyError) {
        try systems { () throws(SystemError) in
            var pipe = try OneWayPipe()
            _ = try ChildProcess.spawn(
                ThisProcess.program, ["weft"] + arguments, descriptors: [1: pipe.writingDescriptor])
            guard try pipe.readLine() != nil else {
                throw SystemError(
                    "watch over the apply", errno: Errno.inputOutput, explanation: "its guard did not start")
            }
            word = consume pipe
        }
    }

    /// What became of the apply, once the one that was started has decided; nil if it died.
    package func verdict() throws(SystemError) -> String? { try word?.readLine() }

    /// To be held for as long as it watches.
    func lock() throws(SystemError) -> FileLock {
        switch try FileLock.acquire(lockPath, timeout: .seconds(5), note: String(ThisProcess.id)) {
        case .acquired(let lock): return lock
        case .held(let process):
            throw SystemError("lock \(lockPath)", errno: Errno.busy, explanation: "process \(process) watches already")
        }
    }

    /// Ends the one that was started by this value, if one was: there is nothing to watch over after all.
    package func callOff() throws(ApplyError) {
        if word != nil { try dismiss() }
    }

    /// Ends the one that watches, if one does, as what it watched over is settled.
    package func dismiss() throws(ApplyError) {
        try systems { () throws(SystemError) in
            guard case .held(let note) = try FileLock.acquire(lockPath, timeout: .zero, note: ""),
                let number = CInt(note), let process = ProcessHandle(number)
            else { return }
            if try !process.end(waiting: Self.patience) { _ = try process.kill(waiting: Self.patience) }
        }
    }

    /// Loudly: in the machine's log and in one beside the ledger.
    package func log(_ text: String) {
        SystemLog.warn(text)
        try? appendToFile(logPath, "\(timestamp()) \(text)\n")
    }
}
