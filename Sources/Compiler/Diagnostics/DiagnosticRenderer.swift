import JSONReader
package import NetworkState

extension Diagnostics {
    /// For people: each with an excerpt of the text, in the order of the text.
    package func rendered(in source: SourceText, colour: Bool) -> String {
        let renderer = DiagnosticRenderer(source: source, style: Style(isColoured: colour))
        return LocatedDiagnostics(self, in: source.bytes).elements.map(renderer.text).joined()
    }

    /// For machines: an array in the order of the text. Lines and columns count from 1, and `endColumn` is behind.
    package func json(in source: SourceText) -> JSON {
        .array(LocatedDiagnostics(self, in: source.bytes).elements.map { $0.json(file: source.name) })
    }
}

/// Writes diagnostics the way compilers do.
private struct DiagnosticRenderer {
    /// The digits that a line number has room for before the gutter moves.
    private static let gutter = 5

    let source: SourceText
    let style: Style

    func text(_ element: LocatedDiagnostics.Element) -> String {
        let lines = [headline(element)] + excerpt(element) + element.notes.map(note) + help(element)
        return lines.map { $0 + "\n" }.joined()
    }

    private func headline(_ element: LocatedDiagnostics.Element) -> String {
        let diagnostic = element.diagnostic
        let place = style.bold("\(source.name):\(element.start):")
        let severity = style.severity(diagnostic.severity, "\(diagnostic.severity.rawValue):")
        return "\(place) \(severity) \(style.bold(diagnostic.message)) [\(diagnostic.code.rawValue)]"
    }

    private func excerpt(_ element: LocatedDiagnostics.Element) -> [String] {
        guard !source.bytes.isEmpty else { return [] }
        let excerpt = Excerpt(of: element.range, in: source.bytes)
        let number = String(element.start.line)
        let margin = String(repeating: " ", count: max(Self.gutter - number.count, 0))
        let blank = String(repeating: " ", count: max(Self.gutter, number.count))
        return [
            style.dim("\(margin)\(number) |") + " " + excerpt.line,
            style.dim("\(blank) |") + " " + style.severity(element.diagnostic.severity, excerpt.underline),
        ]
    }

    private func note(_ note: Diagnostic.Note, _ start: SourcePosition?) -> String {
        let place = note.place.map { place in
            [start.map { "line \($0.line)" }, "\(place.pointer)"].compactMap(\.self).filter { !$0.isEmpty }
        }
        return "   \(style.bold("note:")) \(note.message)" + (place.map { " (\($0.joined(separator: ", ")))" } ?? "")
    }

    private func help(_ element: LocatedDiagnostics.Element) -> [String] {
        element.diagnostic.help.map { ["   \(style.bold("help:")) \($0)"] } ?? []
    }
}

extension LocatedDiagnostics.Element {
    fileprivate func json(file: String) -> JSON {
        .members([
            "file": .string(file),
            "line": .integer(Int64(start.line)),
            "column": .integer(Int64(start.column)),
            "endLine": .integer(Int64(end.line)),
            "endColumn": .integer(Int64(end.column)),
            "severity": .string(diagnostic.severity.rawValue),
            "code": .string(diagnostic.code.rawValue),
            "pointer": .string("\(diagnostic.place.pointer)"),
            "message": .string(diagnostic.message),
            "notes": .array(
                notes.map { note, start in
                    .members([
                        "message": .string(note.message),
                        "line": start.map { .integer(Int64($0.line)) },
                        "column": start.map { .integer(Int64($0.column)) },
                        "pointer": note.place.map { .string("\($0.pointer)") },
                    ])
                }),
            "help": diagnostic.help.map(JSON.string),
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
