import CLinux
import Glibc

/// A program that this process has started and waits for.
package struct ChildProcess: Sendable {
    /// Its number in this process's own process namespace.
    package let id: CInt

    /// How a process ended: its exit status, or 128 and the signal's number, as a shell tells it.
    package typealias Status = CInt

    /// Starts `path` with `arguments` (the program's name first), in the calling thread's namespaces.
    ///
    /// - `descriptors`: which of this process's descriptors the child has as what: `[1: pipe]` for its output. The
    ///   standard three are inherited where nothing is said.
    package static func spawn(
        _ path: String, _ arguments: [String], descriptors: [CInt: CInt] = [:]
    ) throws(SystemError) -> ChildProcess {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (target, source) in descriptors.sorted(by: { $0.key < $1.key }) {
            unsafe posix_spawn_file_actions_adddup2(&actions, source, target)
        }
        var vector: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { for index in unsafe vector.indices { unsafe free(vector[index]) } }
        var id: pid_t = 0
        let code = unsafe posix_spawnp(&id, path, &actions, nil, &vector, environ)
        guard code == 0 else {
            errno = code
            throw SystemError("run \(path)")
        }
        return ChildProcess(id: id)
    }

    /// Waits until it has ended.
    package func wait() throws(SystemError) -> Status {
        while true {
            var status: CInt = 0
            try systemCall("wait for process \(id)") { unsafe waitpid(id, &status, 0) }
            var code: CInt = 0
            switch unsafe clinux_wait_result(status, &code) {
            case 1: return code
            case 2: return 128 + code
            default: continue
            }
        }
    }
}

/// Someone else's process, held so that its number cannot come to mean another one.
package struct ProcessHandle: ~Copyable {
    private let descriptor: OwnedFileDescriptor

    /// Nil if there is no such process.
    package init?(_ id: CInt) {
        let raw = clinux_pidfd_open(id)
        guard raw >= 0 else { return nil }
        descriptor = OwnedFileDescriptor(owning: raw)
    }

    /// Ends it without asking, and waits until it is gone; false if that takes longer than `milliseconds`.
    package func kill(waiting milliseconds: CInt) throws(SystemError) -> Bool {
        try signal(SIGKILL)
        return try isGone(within: milliseconds)
    }

    /// Asks it to end (SIGTERM), and waits until it is gone; false if that takes longer than `milliseconds`.
    package func end(waiting milliseconds: CInt) throws(SystemError) -> Bool {
        try signal(SIGTERM)
        return try isGone(within: milliseconds)
    }

    /// Has it read its files again (SIGHUP).
    package func reload() throws(SystemError) { try signal(SIGHUP) }

    /// One that has ended meanwhile needs no signal.
    private func signal(_ number: CInt) throws(SystemError) {
        let raw = descriptor.rawValue
        if clinux_pidfd_send_signal(raw, number) != 0, errno != ESRCH { throw SystemError("signal process") }
    }

    private func isGone(within milliseconds: CInt) throws(SystemError) -> Bool {
        let raw = descriptor.rawValue
        var event = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
        return try systemCall("wait for process") { unsafe poll(&event, 1, milliseconds) } > 0
    }
}

/// A pipe's two ends, which no child inherits unless told to.
package struct OneWayPipe: ~Copyable {
    private var reading: OwnedFileDescriptor?
    private var writing: OwnedFileDescriptor?

    package init() throws(SystemError) {
        var ends: (CInt, CInt) = (0, 0)
        try systemCall("make a pipe") {
            unsafe withUnsafeMutablePointer(to: &ends) {
                unsafe $0.withMemoryRebound(to: CInt.self, capacity: 2) { unsafe clinux_pipe($0) }
            }
        }
        reading = OwnedFileDescriptor(owning: ends.0)
        writing = OwnedFileDescriptor(owning: ends.1)
    }

    /// What a child is given to read from, or to write to; -1 once this process has closed it.
    package var readingDescriptor: CInt { descriptor(of: reading) }
    package var writingDescriptor: CInt { descriptor(of: writing) }

    private func descriptor(of end: borrowing OwnedFileDescriptor?) -> CInt {
        switch end {
        case .some(let end): end.rawValue
        case .none: -1
        }
    }

    /// Says all of `text` to whoever reads, and that this is all. A reader that has gone does not want it.
    package mutating func finish(saying text: String) {
        reading = nil
        try? write(text, to: writingDescriptor)
        writing = nil
    }

    /// What is written up to the end of a line, or nil if the last writer closes its end before.
    package mutating func readLine() throws(SystemError) -> String? {
        writing = nil
        let raw = descriptor(of: reading)
        var line: [UInt8] = []
        while true {
            var byte: UInt8 = 0
            guard try systemCall("read a line", { unsafe CInt(read(raw, &byte, 1)) }) > 0 else { return nil }
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
    }

    /// Everything that is written until the last writer has closed its end.
    package mutating func readToEnd() throws(SystemError) -> String {
        writing = nil
        switch reading {
        case .some(let end): return try end.readAll("pipe")
        case .none: return ""
        }
    }
}
