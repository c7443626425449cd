// Text that is written as bytes: what comes to megabytes need not become a string first.
extension [UInt8] {
    package mutating func append(_ text: String) { append(contentsOf: text.utf8) }

    /// `text` and the end of its line.
    package mutating func append(line text: String) {
        append(text)
        append(UInt8(ascii: "\n"))
    }

    /// `text`, and spaces up to so many columns.
    package mutating func append(_ text: String, paddedTo width: Int) {
        append(text)
        append(spaces: width - text.columns)
    }

    /// None, for a number that is negative.
    package mutating func append(spaces count: Int) {
        for _ in 0..<Swift.max(count, 0) { append(UInt8(ascii: " ")) }
    }

    /// Ends a line, without the spaces that it has at its end.
    package mutating func endLine() {
        while last == UInt8(ascii: " ") { removeLast() }
        append(UInt8(ascii: "\n"))
    }
}

extension String {
    /// How many characters, which are bytes in almost all: to find their bounds is dear.
    package var columns: Int { utf8.allSatisfy { $0 < 0x80 } ? utf8.count : count }
}
