import Foundation
import Synchronization

/// What a program printed and how it ended.
package struct Finished: Sendable {
    /// The exit status, or 128 and the number of the signal that ended it.
    package let status: Int32
    package let output: String
    package let errors: String

    package var lines: [String] { output.split(separator: "\n").map(String.init) }
}

/// Runs a program to its end.
///
/// - `input`: what it reads, nothing by default.
@discardableResult
package func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:]
) throws -> Finished {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let (stdin, stdout, stderr) = try Spawning.start(process)
    let errors = Reader(stderr.fileHandleForReading)
    let output = Reader(stdout.fileHandleForReading)
    try? stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try? stdin.fileHandleForWriting.close()
    let (text, errorText) = (output.text(), errors.text())
    process.waitUntilExit()
    let signal: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
    return Finished(status: signal + process.terminationStatus, output: text, errors: errorText)
}

/// Starts processes one at a time, and none with the ends of another's pipes: a reader waits for the last writer, and a
/// program that stays would be one without knowing.
enum Spawning {
    private static let turn = Mutex(())

    static func start(_ process: Process) throws -> (input: Pipe, output: Pipe, errors: Pipe) {
        try turn.withLock { _ in
            let pipes = (input: Pipe(), output: Pipe(), errors: Pipe())
            for pipe in [pipes.input, pipes.output, pipes.errors] {
                for handle in [pipe.fileHandleForReading, pipe.fileHandleForWriting] {
                    _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
                }
            }
            process.standardInput = pipes.input
            process.standardOutput = pipes.output
            process.standardError = pipes.errors
            try process.run()
            return pipes
        }
    }
}

/// Reads a pipe on a thread of its own, so that a program that fills one pipe while another is read does not hang.
private final class Reader: @unchecked Sendable {
    private var data = Data()
    private let done = DispatchSemaphore(value: 0)

    init(_ handle: FileHandle) {
        Thread.detachNewThread { [self] in
            data = (try? handle.readToEnd()) ?? Data()
            done.signal()
        }
    }

    func text() -> String {
        done.wait()
        return String(decoding: data, as: UTF8.self)
    }
}

/// The command under test, as it was built with these tests.
package enum Weft {
    package static let path = URL(filePath: ProcessInfo.processInfo.arguments[0])
        .deletingLastPathComponent().appending(path: "weft").path

    @discardableResult
    package static func run(_ arguments: String..., input: String = "") throws -> Finished {
        try TestSupport.run([path] + arguments, input: input)
    }
}

/// Asks `condition` until it holds; false if it still does not after `seconds`.
package func eventually(within seconds: Double = 10, _ condition: () throws -> Bool) rethrows -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
        if try condition() { return true }
        usleep(5_000)
    }
    return try condition()
}
