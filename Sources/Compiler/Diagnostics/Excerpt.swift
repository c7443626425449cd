/// A line of a source text with a range of it underlined, cut to a terminal's width.
struct Excerpt {
    private static let width = 96
    /// How far from the underlined range a long line is looked at at all.
    private static let reach = 400
    private static let tab = "    "

    let line: String
    let underline: String

    /// `range` is in bytes; where it goes over several lines, its first line is shown.
    init(of range: Range<Int>, in bytes: [UInt8]) {
        let start = Self.lineStart(before: range.lowerBound, in: bytes)
        let end = Self.lineEnd(after: range.lowerBound, in: bytes)
        let before = Self.cells(bytes[start.offset..<range.lowerBound])
        let markedEnd = min(range.upperBound, end.offset)
        let marked = Self.cells(bytes[range.lowerBound..<markedEnd])
        let after = Self.cells(bytes[markedEnd..<end.offset])
        var row = Row(before: before, marked: marked, after: after)
        row.clip(to: Self.width, isCutBefore: start.isCut, isCutAfter: end.isCut)
        line = row.text
        underline = row.underline
    }

    private static func lineStart(before offset: Int, in bytes: [UInt8]) -> (offset: Int, isCut: Bool) {
        var start = offset
        while start > 0, bytes[start - 1] != UInt8(ascii: "\n") {
            if offset - start >= reach, isScalarStart(bytes[start]) { return (start, true) }
            start -= 1
        }
        return (start, false)
    }

    private static func lineEnd(after offset: Int, in bytes: [UInt8]) -> (offset: Int, isCut: Bool) {
        var end = offset
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") {
            if end - offset >= reach, isScalarStart(bytes[end]) { return (end, true) }
            end += 1
        }
        return (end > offset && bytes[end - 1] == UInt8(ascii: "\r") ? end - 1 : end, false)
    }

    private static func isScalarStart(_ byte: UInt8) -> Bool { byte & 0xc0 != 0x80 }

    private static func cells(_ bytes: ArraySlice<UInt8>) -> [Cell] {
        String(decoding: bytes, as: UTF8.self).unicodeScalars.map { scalar in
            if scalar == "\t" { return Cell(text: tab, width: tab.count) }
            guard scalar.isPrintable else { return Cell(text: "\u{fffd}", width: 1) }
            return Cell(text: String(scalar), width: displayWidth(scalar))
        }
    }
}

/// What one character of the source becomes on a terminal.
private struct Cell {
    let text: String
    let width: Int
}

/// The three parts of an excerpt's line: in front of the underlined one, that one, and behind it.
private struct Row {
    var before: [Cell]
    var marked: [Cell]
    var after: [Cell]
    private var isCutBefore = false
    private var isCutAfter = false

    init(before: [Cell], marked: [Cell], after: [Cell]) {
        self.before = before
        self.marked = marked
        self.after = after
    }

    /// Keeps the underlined part in sight, then what is in front of it, then what follows.
    mutating func clip(to width: Int, isCutBefore: Bool, isCutAfter: Bool) {
        (self.isCutBefore, self.isCutAfter) = (isCutBefore, isCutAfter)
        guard Self.width(before) + Self.width(marked) + Self.width(after) > width else { return }
        if Self.width(marked) > width * 3 / 4 {
            after = []
            drop(from: \.marked, to: width * 3 / 4)
        }
        let room = width - Self.width(marked)
        while Self.width(before) > max(room * 2 / 3, room - Self.width(after)) {
            before.removeFirst()
            self.isCutBefore = true
        }
        drop(from: \.after, to: room - Self.width(before))
    }

    private mutating func drop(from part: WritableKeyPath<Row, [Cell]>, to width: Int) {
        while Self.width(self[keyPath: part]) > width {
            self[keyPath: part].removeLast()
            isCutAfter = true
        }
    }

    private static func width(_ cells: [Cell]) -> Int { cells.reduce(0) { $0 + $1.width } }

    var text: String {
        (isCutBefore ? "…" : "") + (before + marked + after).map(\.text).joined() + (isCutAfter ? "…" : "")
    }

    var underline: String {
        let indent = Self.width(before) + (isCutBefore ? 1 : 0)
        return String(repeating: " ", count: indent) + String(repeating: "^", count: max(Self.width(marked), 1))
    }
}
