package import NetworkState

/// A place in a JSON text, as those name it who only know the document.
package enum Place: Hashable, Sendable {
    /// The value that the pointer leads to.
    case value(JSONPointer)
    /// The key of that value: what an unknown or a missing meaning is said about.
    case key(JSONPointer)
    /// A stretch of bytes that no pointer leads to: the second of two equal keys, or text that is not JSON.
    case bytes(Range<Int>, near: JSONPointer)

    package var pointer: JSONPointer {
        switch self {
        case .value(let pointer), .key(let pointer), .bytes(_, near: let pointer): pointer
        }
    }
}

/// A line and a column of a text, both counted from 1; columns count Unicode scalars.
package struct SourcePosition: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package var description: String { String(line) + ":" + String(column) }

    package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
