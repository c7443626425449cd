import JSONReader
import NetworkState

/// Diagnostics with their places looked up, in the order of the text.
struct LocatedDiagnostics {
    struct Element {
        let diagnostic: Diagnostic
        let range: Range<Int>
        let start: SourcePosition
        let end: SourcePosition
        let notes: [(note: Diagnostic.Note, start: SourcePosition?)]
    }

    let elements: [Element]

    init(_ diagnostics: Diagnostics, in bytes: [UInt8]) {
        let map = SourceMap(bytes)
        let noted = diagnostics.all.flatMap(\.notes).compactMap(\.place)
        let ranges = map.ranges(of: Set(diagnostics.all.map(\.place) + noted))
        let positions = map.positions(of: ranges.values.flatMap { [$0.lowerBound, $0.upperBound] } + [0])
        let first = SourcePosition(line: 1, column: 1)
        let start = { (place: Place) in ranges[place].flatMap { positions[$0.lowerBound] } }
        elements = diagnostics.all.map { diagnostic in
            let range = ranges[diagnostic.place] ?? 0..<0
            return Element(
                diagnostic: diagnostic,
                range: range,
                start: positions[range.lowerBound] ?? first,
                end: positions[range.upperBound] ?? first,
                notes: diagnostic.notes.map { ($0, $0.place.flatMap(start)) }
            )
        }
        .sorted { ($0.range.lowerBound, $0.diagnostic.message) < ($1.range.lowerBound, $1.diagnostic.message) }
    }
}
