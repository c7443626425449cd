import JSONReader
package import NetworkState

/// Where something stands in a topology's text, as editors count: from line and column 1.
package struct SourcePlace: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let file: String
    package let line: Int
    package let column: Int

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    package var description: String { "\(file):\(line):\(column)" }

    package static func < (left: SourcePlace, right: SourcePlace) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

extension SourceText {
    /// Where things stand in it; one walk through each file, however many they are.
    package func places(of pointers: some Sequence<JSONPointer>) -> [JSONPointer: SourcePlace] {
        let places = SourcePlaces(Set(pointers.map(Place.value)), in: self)
        return Dictionary(
            uniqueKeysWithValues: places.all.map { place, location in
                (
                    place.pointer,
                    SourcePlace(file: location.file.name, line: location.start.line, column: location.start.column)
                )
            })
    }
}
