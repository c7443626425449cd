import NetworkState

/// Reads JSON that has nothing out of the ordinary in it: no escapes, no numbers but small whole ones, no key twice.
///
/// That is how topologies are written. jansson's tree of one costs three times as much, for it is made, copied and taken
/// down; but what is anything else, or wrong, is jansson's to read and to name (docs/decisions/0028).
struct PlainReader {
    /// The text is something else than this reads, which says nothing of what it is.
    private struct Otherwise: Error {}

    /// Deeper than any topology, and far from the end of the stack.
    private static let deepest = 64

    private let bytes: [UInt8]
    private var place = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Nil for what is not plain, or not JSON.
    static func read(_ bytes: [UInt8]) -> JSON? {
        var reader = PlainReader(bytes)
        guard let json = try? reader.value(within: deepest) else { return nil }
        reader.skipSpace()
        return reader.place == bytes.count ? json : nil
    }

    private mutating func value(within depth: Int) throws(Otherwise) -> JSON {
        guard depth > 0, let first = next() else { throw Otherwise() }
        switch first {
        case UInt8(ascii: "{"): return .object(try members(within: depth - 1))
        case UInt8(ascii: "["): return .array(try elements(within: depth - 1))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return .integer(try number())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw Otherwise()
        }
    }

    private mutating func members(within depth: Int) throws(Otherwise) -> [String: JSON] {
        // Room for the least that Swift makes room for beyond one.
        var members = [String: JSON](minimumCapacity: 3)
        place += 1
        if takes(UInt8(ascii: "}")) { return members }
        repeat {
            guard next() == UInt8(ascii: "\"") else { throw Otherwise() }
            let key = try string()
            guard takes(UInt8(ascii: ":")) else { throw Otherwise() }
            let value = try value(within: depth)
            if members.updateValue(value, forKey: key) != nil { throw Otherwise() }
        } while takes(UInt8(ascii: ","))
        guard takes(UInt8(ascii: "}")) else { throw Otherwise() }
        return members
    }

    private mutating func elements(within depth: Int) throws(Otherwise) -> [JSON] {
        var elements: [JSON] = []
        place += 1
        if takes(UInt8(ascii: "]")) { return elements }
        repeat { elements.append(try value(within: depth)) } while takes(UInt8(ascii: ","))
        guard takes(UInt8(ascii: "]")) else { throw Otherwise() }
        return elements
    }

    private mutating func string() throws(Otherwise) -> String {
        let start = place + 1
        var end = start
        var isASCII = true
        while true {
            guard end < bytes.count, bytes[end] >= 0x20, bytes[end] != UInt8(ascii: "\\") else { throw Otherwise() }
            if bytes[end] == UInt8(ascii: "\"") { break }
            if bytes[end] >= 0x80 { isASCII = false }
            end += 1
        }
        place = end + 1
        if isASCII { return String(decoding: bytes[start..<end], as: UTF8.self) }
        guard let text = String(validating: bytes[start..<end], as: UTF8.self) else { throw Otherwise() }
        return text
    }

    /// Of so few digits that it is never too large, and without leading zeros. A fraction or an exponent is no end of a
    /// value, and found there.
    private mutating func number() throws(Otherwise) -> Int64 {
        let start = place
        var number: Int64 = 0
        while place < bytes.count, (48...57).contains(bytes[place]), place - start < 18 {
            number = number * 10 + Int64(bytes[place] - 48)
            place += 1
        }
        if bytes[start] == UInt8(ascii: "0"), place - start > 1 { throw Otherwise() }
        return number
    }

    private mutating func word(_ word: String, _ value: JSON) throws(Otherwise) -> JSON {
        guard bytes[place...].starts(with: word.utf8) else { throw Otherwise() }
        place += word.utf8.count
        return value
    }

    /// Whether the next byte that is no space is `byte`, which then has been read.
    private mutating func takes(_ byte: UInt8) -> Bool {
        guard next() == byte else { return false }
        place += 1
        return true
    }

    /// The next byte that is no space, which is where `place` is then.
    private mutating func next() -> UInt8? {
        skipSpace()
        return place < bytes.count ? bytes[place] : nil
    }

    private mutating func skipSpace() {
        while place < bytes.count {
            switch bytes[place] {
            case 0x20, 0x0a, 0x0d, 0x09: place += 1
            default: return
            }
        }
    }
}
