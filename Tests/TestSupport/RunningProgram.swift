import Foundation
import Synchronization

/// A program that runs beside a test, and is ended with this value at the latest.
package final class RunningProgram: @unchecked Sendable {
    private let process = Process()
    private let pipes: (input: Pipe, output: Pipe, errors: Pipe)
    private let collected = Mutex(Data())

    init(_ arguments: [String], environment: [String: String] = [:]) throws {
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        pipes = try Spawning.start(process)
        // What nobody reads would in the end stop the one who writes it.
        Thread.detachNewThread { [handle = pipes.output.fileHandleForReading] in
            while !handle.availableData.isEmpty {}
        }
        Thread.detachNewThread { [handle = pipes.errors.fileHandleForReading, weak self] in
            while case let data = handle.availableData, !data.isEmpty { self?.collected.withLock { $0 += data } }
        }
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    package var id: Int32 { process.processIdentifier }
    package var isRunning: Bool { process.isRunning }

    /// What it has written to standard error by now.
    package var errors: String { collected.withLock { String(decoding: $0, as: UTF8.self) } }

    package func send(_ signal: Int32) { kill(id, signal) }

    /// Sends `signal`, waits until it has ended, and gives how: its exit status, or 128 and the signal that ended it.
    ///
    /// A program that does not see to its signals itself takes SIGKILL: Dispatch's threads block all others, and what they
    /// start inherits that.
    package func end(_ signal: Int32 = SIGTERM) -> Int32 {
        send(signal)
        process.waitUntilExit()
        return (process.terminationReason == .uncaughtSignal ? 128 : 0) + process.terminationStatus
    }
}

extension RunningProgram {
    /// Starts the command under test.
    package static func weft(_ arguments: [String]) throws -> RunningProgram {
        try RunningProgram([Weft.path] + arguments)
    }

    /// Starts a shell, for what only that can redirect.
    package static func shell(_ script: String) throws -> RunningProgram {
        try RunningProgram(["bash", "-c", script])
    }
}

extension Machine {
    /// Starts a program on this machine.
    package func start(_ arguments: [String], environment: [String: String] = [:]) throws -> RunningProgram {
        try RunningProgram(entrance + arguments, environment: environment)
    }
}

extension Weft {
    /// Starts a command that stays.
    package static func start(_ arguments: String..., environment: [String: String] = [:]) throws -> RunningProgram {
        try RunningProgram([path] + arguments, environment: environment)
    }
}
