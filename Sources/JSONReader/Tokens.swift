/// Cuts text into JSON's tokens, one after the other, without asking whether they make sense in that order.
struct Tokens {
    enum Kind: Hashable {
        /// One of `{ } [ ] : ,`
        case punctuation(UInt8)
        /// With its quotes; an unterminated one ends with its line.
        case string
        /// Whatever else stands together: a number, `true`, a word without quotes.
        case word
        case end
    }

    struct Token {
        let kind: Kind
        let range: Range<Int>
    }

    let bytes: [UInt8]
    private(set) var offset = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func next() -> Token {
        skip { Self.isSpace($0) }
        guard offset < bytes.count else { return Token(kind: .end, range: offset..<offset) }
        let start = offset
        let first = bytes[start]
        offset += 1
        if Self.isPunctuation(first) { return Token(kind: .punctuation(first), range: start..<offset) }
        if first == UInt8(ascii: "\"") {
            skipString()
            return Token(kind: .string, range: start..<offset)
        }
        skip { !Self.isSpace($0) && !Self.isPunctuation($0) && $0 != UInt8(ascii: "\"") }
        return Token(kind: .word, range: start..<offset)
    }

    /// Goes to behind the value that begins with `first`, whatever is in it; returns that offset.
    mutating func skipValue(_ first: Token) -> Int {
        guard first.kind == .punctuation(UInt8(ascii: "{")) || first.kind == .punctuation(UInt8(ascii: "[")) else {
            return first.range.upperBound
        }
        var depth = 1
        while depth > 0, offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""): skipString()
            default: break
            }
        }
        return offset
    }

    /// To behind the closing quote, or to the end of the line, which no JSON string goes beyond (RFC 8259 §7).
    private mutating func skipString() {
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                offset += 1
                return
            case UInt8(ascii: "\\"): offset = min(offset + 2, bytes.count)
            case UInt8(ascii: "\n"): return
            default: offset += 1
            }
        }
    }

    private mutating func skip(while isSkipped: (UInt8) -> Bool) {
        while offset < bytes.count, isSkipped(bytes[offset]) { offset += 1 }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
    }

    private static func isPunctuation(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"),
            UInt8(ascii: ","):
            true
        default: false
        }
    }
}
