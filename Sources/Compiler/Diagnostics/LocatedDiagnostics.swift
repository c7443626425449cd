import JSONReader
import NetworkState

/// Diagnostics with their places looked up, in the order of the text.
struct LocatedDiagnostics {
    struct Element {
        let diagnostic: Diagnostic
        let location: SourcePlaces.Location
        let notes: [(note: Diagnostic.Note, location: SourcePlaces.Location?)]
    }

    let elements: [Element]

    init(_ diagnostics: Diagnostics, in source: SourceText) {
        let noted = diagnostics.all.flatMap(\.notes).compactMap(\.place)
        let places = SourcePlaces(Set(diagnostics.all.map(\.place) + noted), in: source)
        let start = SourcePosition(line: 1, column: 1)
        let first = SourcePlaces.Location(
            file: source.files.first ?? SourceFile(name: source.name, bytes: []), fileIndex: 0, range: 0..<0,
            start: start, end: start)
        elements = diagnostics.all.map { diagnostic in
            Element(
                diagnostic: diagnostic, location: places[diagnostic.place] ?? first,
                notes: diagnostic.notes.map { note in (note, note.place.flatMap { places[$0] }) })
        }
        .sorted { $0.order < $1.order }
    }
}

extension LocatedDiagnostics.Element {
    fileprivate var order: (Int, Int, String) {
        (location.fileIndex, location.range.lowerBound, diagnostic.message)
    }
}
