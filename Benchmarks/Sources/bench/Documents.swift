import Foundation
import Measuring

/// Where results go: a part of `benchmarks.md` between two marks, and beside it a folder with JSON and pictures.
struct Documents {
    struct Unmarked: Error, CustomStringConvertible {
        let path: String

        var description: String { "\(path) has not the lines '\(Documents.begin)' and '\(Documents.end)'" }
    }

    static let begin = "<!-- written by make bench, from here -->"
    static let end = "<!-- to here -->"

    let folder: URL

    func write(_ report: Report) throws {
        let pictures = folder.appending(path: "benchmarks")
        try FileManager.default.createDirectory(at: pictures, withIntermediateDirectories: true)
        for outcome in report.outcomes {
            let file = pictures.appending(path: "\(outcome.benchmark.name).svg")
            try Data(Plot(outcome).svg.utf8).write(to: file)
        }
        try report.json.write(to: pictures.appending(path: "results.json"))
        let document = folder.appending(path: "benchmarks.md")
        let text = try String(contentsOf: document, encoding: .utf8)
        let parts = text.components(separatedBy: Self.begin)
        guard parts.count == 2, let rest = parts.last?.components(separatedBy: Self.end), rest.count == 2 else {
            throw Unmarked(path: document.path)
        }
        let middle = "\n\n" + report.markdown { "benchmarks/\($0.name).svg" } + "\n"
        try Data((parts[0] + Self.begin + middle + Self.end + rest[1]).utf8).write(to: document)
    }
}
