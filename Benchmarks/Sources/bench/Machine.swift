import Foundation
import Measuring

extension Report.Machine {
    /// Model and number of processors, and nothing else that would tell whose it is.
    static func current(repository: URL) -> Report.Machine {
        let processors = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let model = processors.split(separator: "\n").first { $0.hasPrefix("model name") }
        let name = model?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
        let kernel = (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)) ?? ""
        return Report.Machine(
            processor: name ?? "an unknown processor", cores: ProcessInfo.processInfo.activeProcessorCount,
            kernel: kernel.trimmingCharacters(in: .whitespacesAndNewlines), commit: commit(of: repository))
    }

    /// With a mark if anything but what is written about it is otherwise.
    private static func commit(of repository: URL) -> String {
        let name = git(repository, "describe", "--always", "--exclude", "*")
        if name.isEmpty { return "unknown" }
        return git(repository, "status", "--porcelain", "--", ".", ":!docs").isEmpty ? name : "\(name)-dirty"
    }

    private static func git(_ repository: URL, _ words: String...) -> String {
        let output = (try? Program(words: ["git", "-C", repository.path] + words).run())?.output ?? ""
        return output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// A program that is run to its end.
struct Program {
    struct Finished {
        let status: Int32
        let output: String
        let errors: String
    }

    private let words: [String]

    init(_ words: String...) { self.words = words }

    init(words: [String]) { self.words = words }

    /// - `environment`: added to this process's.
    func run(environment: [String: String] = [:]) throws -> Finished {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        // Files hold whatever is written, where pipes would have to be read meanwhile.
        let folder = FileManager.default.temporaryDirectory
        let files = ["output", "errors"].map { folder.appending(path: "\($0)-\(UUID().uuidString)") }
        defer { for file in files { try? FileManager.default.removeItem(at: file) } }
        for file in files { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return Finished(status: process.terminationStatus, output: texts[0], errors: texts[1])
    }
}
