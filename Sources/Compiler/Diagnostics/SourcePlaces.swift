import JSONReader
import NetworkState

/// Places of a document, looked up in the files that say it: each file is walked once, however many they are.
struct SourcePlaces {
    /// Where something stands, as messages cite it.
    struct Location: CustomStringConvertible {
        let file: SourceFile
        let fileIndex: Int
        let range: Range<Int>
        let start: SourcePosition
        let end: SourcePosition

        var description: String { "\(file.name):\(start)" }
    }

    private(set) var all: [Place: Location] = [:]

    init(_ places: Set<Place>, in source: SourceText) {
        let origin = Origin(of: source)
        // By file, and by what is looked for in it: two places of a document are never one of a file's, save by bytes.
        var wanted: [Int: [Place: [Place]]] = [:]
        for place in places {
            let (file, local) = Self.split(place, origin, source)
            wanted[file, default: [:]][local, default: []].append(place)
        }
        for (index, wanted) in wanted where source.files.indices.contains(index) {
            let file = source.files[index]
            let map = SourceMap(file.bytes)
            let ranges = map.ranges(of: wanted.keys)
            let positions = map.positions(of: ranges.values.flatMap { [$0.lowerBound, $0.upperBound] })
            for (local, range) in ranges {
                guard let start = positions[range.lowerBound], let end = positions[range.upperBound] else { continue }
                let location = Location(file: file, fileIndex: index, range: range, start: start, end: end)
                for place in wanted[local] ?? [] { all[place] = location }
            }
        }
    }

    subscript(place: Place) -> Location? { all[place] }

    private static func split(_ place: Place, _ origin: Origin, _ source: SourceText) -> (file: Int, local: Place) {
        switch place {
        case .value(let pointer):
            let origin = origin[pointer]
            return (origin.file, .value(origin.pointer))
        case .key(let pointer):
            let origin = origin[pointer]
            return (origin.file, .key(origin.pointer))
        case .bytes(let range, near: let pointer):
            let (file, range) = source.split(range)
            return (file, .bytes(range, near: pointer))
        }
    }
}
