import ArgumentParser
import Compiler
import Netlink
import NetnsHarness
import NetworkState

/// A topology read from a file, from the fragments in a directory, or from standard input as `-`.
struct LoadedFile {
    let source: SourceText
    let topology: ValidTopology
    /// What is odd about it, and printed already unless results are for a program.
    let warnings: Diagnostics

    /// Prints every mistake and exits with 4 if there is one.
    init(_ path: String, format: OutputFormat = .text) throws {
        try self.init(Self.read(path), format: format)
    }

    init(_ source: SourceText, format: OutputFormat = .text) throws {
        self.source = source
        do throws(InvalidTopology) {
            let loaded = try LoadedTopology(loading: source)
            topology = loaded.topology
            warnings = loaded.warnings
        } catch {
            Self.print(error.diagnostics, in: source, format: format)
            throw CommandOutcome.invalidTopology.exitCode
        }
        if format == .text, !warnings.isEmpty { Self.print(warnings, in: source, format: format) }
    }

    static func read(_ path: String) throws -> SourceText {
        try reporting { () throws(SystemError) in try SourceText(reading: path) }
    }

    static func print(_ diagnostics: Diagnostics, in source: SourceText, format: OutputFormat) {
        switch format {
        case .json: Terminal.print(diagnostics.json(in: source).text)
        case .text:
            try? write(
                diagnostics.rendered(in: source, colour: Terminal.isColoured(Terminal.error)), to: Terminal.error)
        }
    }

    /// The index of the host called `name`, or of the one named like this machine.
    func host(_ name: String?) throws -> Int {
        let wanted = name ?? ThisProcess.hostname
        if let index = topology.hosts.firstIndex(where: { $0.name == wanted }) { return index }
        let known = topology.hosts.map(\.name)
        let hint = didYouMean(wanted, among: known)
        let listed = known.prefix(10).joined(separator: ", ") + (known.count > 10 ? ", …" : "")
        let subject = name == nil ? "this machine is called '\(wanted)', and" : "'\(wanted)':"
        Terminal.note(
            "\(subject) \(source.name) has no such host; \(hint ?? "it has \(listed)")"
                + (name == nil ? "; choose one with --host" : ""))
        throw ExitCode(64)
    }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}
