import Netlink
import NetnsHarness
import NetworkState

/// The files that `weft test` writes its results to, opened before anything is built: what cannot be written is said at
/// once.
struct TestOutputs: ~Copyable {
    private let json: OutputFile?
    private let junit: OutputFile?
    private let html: OutputFile?

    static func open(json: String?, junit: String?, html: String?) throws -> TestOutputs {
        try TestOutputs(json: file(json), junit: file(junit), html: file(html))
    }

    private static func file(_ path: String?) throws -> OutputFile? {
        guard let path else { return nil }
        return try reporting { () throws(SystemError) in try OutputFile(path) }
    }

    func write(_ reports: [FiledReport]) throws {
        try reporting { () throws(SystemError) in
            try writeJSON(reports)
            try junit?.write(JUnitReport(reports).text)
            try html?.write(HTMLReport(reports).text)
        }
    }

    private func writeJSON(_ reports: [FiledReport]) throws(SystemError) {
        guard json != nil else { return }
        var failure: SystemError?
        reports.map(\.report).writeJSON { bytes in
            guard failure == nil else { return }
            do throws(SystemError) { try json?.write(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}
