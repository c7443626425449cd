import JSONReader
import NetworkState

/// What all files of a source say, as one JSON value, and which file says what of it.
struct Document {
    let json: JSON
    let origin: Origin

    /// Nil if a file is not JSON: then nothing is known but that.
    init?(reading source: SourceText, _ diagnostics: inout Diagnostics) {
        guard !source.files.isEmpty else {
            diagnostics.report(.noFragments)
            return nil
        }
        var fragments: [Merging.Part] = []
        for file in source.files.indices {
            guard let json = JSON(reading: source, file: file, &diagnostics) else { continue }
            fragments.append(Merging.Part(json: json, origin: Origin(file: file)))
        }
        guard fragments.count == source.files.count else { return nil }
        var merging = Merging()
        let whole = merging.merge(fragments)
        (json, origin) = (whole.json, whole.origin)
        report(merging.contradictions, in: source, &diagnostics)
    }

    /// The later of two places is in no document, so both are told by their bytes; each file is walked once.
    private func report(
        _ contradictions: [Merging.Contradiction], in source: SourceText, _ diagnostics: inout Diagnostics
    ) {
        var places: [Int: Set<JSONPointer>] = [:]
        for part in contradictions.flatMap({ [$0.first, $0.later] }) {
            places[part.origin.file, default: []].insert(part.origin.pointer)
        }
        let found = places.reduce(into: [Int: [Place: Range<Int>]]()) { found, entry in
            found[entry.key] = SourceMap(source.files[entry.key].bytes).ranges(of: entry.value.map(Place.value))
        }
        for contradiction in contradictions {
            let place = { (part: Merging.Part) in
                let range = found[part.origin.file]?[.value(part.origin.pointer)] ?? 0..<0
                return Place.bytes(source.range(range, ofFile: part.origin.file), near: contradiction.pointer)
            }
            diagnostics.report(
                .contradiction(
                    contradiction, at: place(contradiction.later), with: place(contradiction.first),
                    in: source.files[contradiction.first.origin.file].name))
        }
    }
}

extension JSON {
    /// Nil if the text is not JSON. Keys that stand twice are reported, and the last is taken, to go on.
    fileprivate init?(reading source: SourceText, file: Int, _ diagnostics: inout Diagnostics) {
        let bytes = source.files[file].bytes
        do throws(JSONSyntaxError) {
            do throws(JSONSyntaxError) {
                try self.init(parsing: bytes)
            } catch {
                guard error.kind == .duplicateKey else { throw error }
                try self.init(parsing: bytes, duplicateKeys: .lastWins)
                for duplicate in SourceMap(bytes).duplicateKeys() {
                    diagnostics.report(
                        .duplicateKey(
                            duplicate, first: source.range(duplicate.first, ofFile: file),
                            again: source.range(duplicate.again, ofFile: file)))
                }
            }
        } catch {
            diagnostics.report(.syntaxError(error, at: source.range(error.range, ofFile: file)))
            return nil
        }
    }
}
