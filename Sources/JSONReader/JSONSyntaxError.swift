/// Text that is not JSON, and where it stops being JSON.
package struct JSONSyntaxError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case syntax, duplicateKey, prematureEnd, encoding, depth, nullCharacter, number
    }

    package let kind: Kind
    package let message: String
    /// What to do about it, where that can be told.
    package let help: String?
    /// The bytes of the token in question; empty at the end of the text.
    package let range: Range<Int>
    package let position: SourcePosition

    static let empty = JSONSyntaxError(
        kind: .prematureEnd, message: "there is nothing in it", help: nil, range: 0..<0,
        position: SourcePosition(line: 1, column: 1)
    )

    private init(kind: Kind, message: String, help: String?, range: Range<Int>, position: SourcePosition) {
        self.kind = kind
        self.message = message
        self.help = help
        self.range = range
        self.position = position
    }

    /// Finds the token that the reader stopped behind, and says in the author's words what is wrong with it.
    init(kind: Kind, message: String, endingAt end: Int, in bytes: [UInt8]) {
        let spot = Spot(kind, endingAt: end, in: bytes)
        let wording = Wording(kind: kind, message: message, at: spot)
        let place = SourceMap(bytes).positions(of: [spot.range.lowerBound])
        self.init(
            kind: kind, message: wording.message, help: wording.help, range: spot.range,
            position: place[spot.range.lowerBound] ?? SourcePosition(line: 1, column: 1)
        )
    }
}

/// The token that a reader could not go on with, and the one before.
private struct Spot {
    let range: Range<Int>
    let text: String
    let previous: String

    init(_ kind: JSONSyntaxError.Kind, endingAt end: Int, in bytes: [UInt8]) {
        let end = min(max(end, 0), bytes.count)
        guard kind != .encoding else {
            range = min(end, bytes.count - 1)..<min(end + 1, bytes.count)
            text = "byte 0x" + String(bytes[range.lowerBound], radix: 16)
            previous = ""
            return
        }
        var tokens = Tokens(bytes)
        var before: Range<Int> = 0..<0
        var token = tokens.next()
        while kind == .prematureEnd || token.range.upperBound < end, token.kind != .end {
            before = token.range
            token = tokens.next()
        }
        if token.kind == .end {
            // Where the text just ends, that is behind its last token, not on the empty line below it; a string
            // without an end is what is wrong itself.
            let isOpen = Self.isOpenString(bytes[before])
            range = (isOpen ? before.lowerBound : before.upperBound)..<before.upperBound
        } else {
            range = token.range
        }
        text = String(decoding: bytes[token.range], as: UTF8.self)
        previous = String(decoding: bytes[before], as: UTF8.self)
    }

    private static func isOpenString(_ token: ArraySlice<UInt8>) -> Bool {
        let quote = UInt8(ascii: "\"")
        return token.first == quote && (token.count == 1 || token.last != quote)
    }
}

/// jansson's messages tell what a parser expected; these tell what an author did.
private struct Wording {
    let message: String
    var help: String?

    init(kind: JSONSyntaxError.Kind, message: String, at spot: Spot) {
        switch kind {
        case .prematureEnd:
            self.message = "the text ends in the middle of a value"
            help = "is a closing bracket or a quote missing?"
        case .encoding: self.message = "\(spot.text) is not UTF-8"
        case .depth: self.message = "values are nested too deeply"
        case .nullCharacter: self.message = "there is a NUL character in it"
        case .number: self.message = "the number \(Self.clipped(spot.text)) is too large"
        case .syntax, .duplicateKey: (self.message, help) = Self.explain(message, spot)
        }
    }

    private static func explain(_ message: String, _ spot: Spot) -> (String, String?) {
        switch (spot.previous, spot.text) {
        case (",", "}"), (",", "]"): ("a comma stands before '\(spot.text)'", "remove the comma")
        case (_, let text) where text.hasPrefix("\u{feff}"):
            ("the text begins with a byte order mark", "save it as UTF-8 without one")
        case (_, let text) where text.hasPrefix("//") || text.hasPrefix("/*") || text.hasPrefix("#"):
            ("JSON has no comments", "put the words into a \"description\"")
        case (_, let text) where text.hasPrefix("'"):
            ("\(clipped(text)) is not JSON", "strings stand in double quotes")
        case (_, let text) where text.hasPrefix("\""): ("\(plain(message)) near \(clipped(text))", commaHelp(message))
        case (_, let text): ("\(plain(message)) near '\(clipped(text))'", commaHelp(message))
        }
    }

    /// jansson's message without its own `near '…'`, which is left out for long tokens.
    private static func plain(_ message: String) -> String {
        var words = message.split(separator: " ", omittingEmptySubsequences: false)
        if let near = words.firstIndex(of: "near") { words.removeSubrange(near...) }
        return words.joined(separator: " ")
    }

    private static func commaHelp(_ message: String) -> String? {
        message.hasPrefix("'}' expected") || message.hasPrefix("']' expected")
            ? "is a comma missing before it?" : nil
    }

    private static func clipped(_ text: String) -> String {
        let shown = text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{fffd}" : $0 }
        return String(String.UnicodeScalarView(shown.prefix(40))) + (shown.count > 40 ? "…" : "")
    }
}
