import Foundation
import Measuring

/// Where results go: of each benchmark a part of `benchmarks.md`, and beside that a folder with its figures and its picture.
/// What was measured of others before stays.
struct Documents {
    struct Unmarked: Error, CustomStringConvertible {
        let path: String

        var description: String { "\(path) has not one line '\(Documents.end)'" }
    }

    static let end = "<!-- make bench writes what is above -->"

    let folder: URL

    func write(_ report: Report) throws {
        let pictures = folder.appending(path: "benchmarks")
        try FileManager.default.createDirectory(at: pictures, withIntermediateDirectories: true)
        let document = folder.appending(path: "benchmarks.md")
        let text = try String(contentsOf: document, encoding: .utf8)
        guard var parts = WrittenParts(text, end: Self.end) else { throw Unmarked(path: document.path) }
        for outcome in report.outcomes {
            let name = outcome.benchmark.name
            let part = Report(machine: report.machine, rounds: report.rounds, outcomes: [outcome])
            try Data(Plot(outcome).svg.utf8).write(to: pictures.appending(path: "\(name).svg"))
            try part.json.write(to: pictures.appending(path: "\(name).json"))
            parts.put(part.markdown { "benchmarks/\($0.name).svg" }, as: name)
        }
        try Data(parts.text.utf8).write(to: document)
    }
}
