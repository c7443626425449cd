import JSONReader
package import NetworkState

extension Diagnostics {
    /// For people: each with an excerpt of the text, in the order of the text.
    package func rendered(in source: SourceText, colour: Bool) -> String {
        let renderer = DiagnosticRenderer(style: Style(isColoured: colour))
        return LocatedDiagnostics(self, in: source).elements.map(renderer.text).joined()
    }

    /// For machines: an array in the order of the text. Lines and columns count from 1, and `endColumn` is behind.
    package func json(in source: SourceText) -> JSON {
        .array(LocatedDiagnostics(self, in: source).elements.map(\.json))
    }
}

/// Writes diagnostics the way compilers do.
private struct DiagnosticRenderer {
    /// The digits that a line number has room for before the gutter moves.
    private static let gutter = 5

    let style: Style

    func text(_ element: LocatedDiagnostics.Element) -> String {
        let shown = excerpt(element.location, element.diagnostic.severity)
        let notes = element.notes.flatMap { note($0, $1, of: element) }
        return ([headline(element)] + shown + notes + help(element)).map { $0 + "\n" }.joined()
    }

    private func headline(_ element: LocatedDiagnostics.Element) -> String {
        let diagnostic = element.diagnostic
        let place = style.bold("\(element.location):")
        let severity = style.severity(diagnostic.severity, "\(diagnostic.severity.rawValue):")
        return "\(place) \(severity) \(style.bold(diagnostic.headline)) [\(diagnostic.code.rawValue)]"
    }

    private func excerpt(_ location: SourcePlaces.Location, _ severity: Diagnostic.Severity) -> [String] {
        guard !location.file.bytes.isEmpty else { return [] }
        let excerpt = Excerpt(of: location.range, in: location.file.bytes)
        let number = String(location.start.line)
        let margin = String(repeating: " ", count: max(Self.gutter - number.count, 0))
        let blank = String(repeating: " ", count: max(Self.gutter, number.count))
        return [
            style.dim("\(margin)\(number) |") + " " + excerpt.line,
            style.dim("\(blank) |") + " " + style.severity(severity, excerpt.underline),
        ]
    }

    /// What stands in another file is shown as well: nobody has that before their eyes.
    private func note(
        _ note: Diagnostic.Note, _ location: SourcePlaces.Location?, of element: LocatedDiagnostics.Element
    ) -> [String] {
        let isElsewhere = location.map { $0.fileIndex != element.location.fileIndex } ?? false
        let place = note.place.map { place in
            [location.map { isElsewhere ? "\($0)" : "line \($0.start.line)" }, "\(place.pointer)"]
                .compactMap(\.self).filter { !$0.isEmpty }
        }
        let line =
            "   \(style.bold("note:")) \(note.message)" + (place.map { " (\($0.joined(separator: ", ")))" } ?? "")
        guard isElsewhere, let location else { return [line] }
        return [line] + excerpt(location, element.diagnostic.severity)
    }

    private func help(_ element: LocatedDiagnostics.Element) -> [String] {
        element.diagnostic.help.map { ["   \(style.bold("help:")) \($0)"] } ?? []
    }
}

extension LocatedDiagnostics.Element {
    fileprivate var json: JSON {
        .members([
            "file": .string(location.file.name),
            "line": .integer(Int64(location.start.line)),
            "column": .integer(Int64(location.start.column)),
            "endLine": .integer(Int64(location.end.line)),
            "endColumn": .integer(Int64(location.end.column)),
            "severity": .string(diagnostic.severity.rawValue),
            "code": .string(diagnostic.code.rawValue),
            "pointer": .string("\(diagnostic.place.pointer)"),
            "message": .string(diagnostic.message),
            "notes": .array(notes.map(json(of:at:))),
            "help": diagnostic.help.map(JSON.string),
            "from": diagnostic.witness.map { .string($0.question.from) },
            "to": diagnostic.witness.map { .string($0.question.to) },
            "source": diagnostic.witness.map { .string("\($0.question.source)") },
            "destination": diagnostic.witness.map { .string("\($0.question.destination)") },
            "protocol": diagnostic.witness.map { .string($0.question.protocol.rawValue) },
            "port": diagnostic.witness.flatMap(\.port).map { .integer(Int64($0)) },
            "pairs": diagnostic.witness.map { .integer(Int64($0.pairs)) },
        ])
    }

    private func json(of note: Diagnostic.Note, at place: SourcePlaces.Location?) -> JSON {
        .members([
            "message": .string(note.message),
            "file": place.flatMap { $0.fileIndex == location.fileIndex ? nil : .string($0.file.name) },
            "line": place.map { .integer(Int64($0.start.line)) },
            "column": place.map { .integer(Int64($0.start.column)) },
            "pointer": note.place.map { .string("\($0.pointer)") },
        ])
    }
}

/// The escape sequences of a terminal (ECMA-48 §8.3.117), or nothing.
private struct Style {
    let isColoured: Bool

    func bold(_ text: String) -> String { wrap(text, "1") }
    func dim(_ text: String) -> String { wrap(text, "34") }

    func severity(_ severity: Diagnostic.Severity, _ text: String) -> String {
        wrap(text, severity == .error ? "1;31" : "1;33")
    }

    private func wrap(_ text: String, _ code: String) -> String {
        isColoured ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }
}
