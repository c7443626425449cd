/// Reads JSON that ``JSONWriter`` has written, without a tree of it first: of a ledger of a hundred thousand routes that is a
/// million dictionaries and strings.
struct JSONScanner {
    /// The text is not as the writer would have it, which says nothing of what it means.
    struct Otherwise: Error {}

    private let bytes: [UInt8]
    private(set) var place = 0
    private var digest = StableHash()
    /// How many bytes are accounted for in `digest`.
    private var digestedCount = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Of what has been read since `restart` and is not there for its looks.
    var hash: UInt64 {
        mutating get {
            digestRest()
            return digest.value
        }
    }

    /// Has the hash be that of a text that begins with `opening` and goes on here.
    mutating func restartHash(after opening: Unicode.Scalar) {
        digest = StableHash()
        digest.add(UInt8(ascii: opening))
        digestedCount = place
    }

    private mutating func digestRest() {
        for place in digestedCount..<place { digest.add(bytes[place]) }
        digestedCount = place
    }

    /// Whether the next byte that is not there for its looks is `byte`, which then has been read.
    mutating func takes(_ byte: Unicode.Scalar) -> Bool {
        skipLayout()
        guard place < bytes.count, bytes[place] == UInt8(ascii: byte) else { return false }
        place += 1
        return true
    }

    mutating func take(_ byte: Unicode.Scalar) throws(Otherwise) {
        if !takes(byte) { throw Otherwise() }
    }

    private mutating func skipLayout() {
        guard place < bytes.count, bytes[place] <= UInt8(ascii: " ") else { return }
        digestRest()
        while place < bytes.count, bytes[place] <= UInt8(ascii: " ") { place += 1 }
        digestedCount = place
    }

    /// Whether nothing is left.
    var isAtEnd: Bool {
        mutating get {
            skipLayout()
            return place == bytes.count
        }
    }

    /// What stands between quotes, if it needs no escaping.
    mutating func quoted() throws(Otherwise) -> ArraySlice<UInt8> {
        try take("\"")
        let start = place
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            if bytes[place] == UInt8(ascii: "\\") { throw Otherwise() }
            place += 1
        }
        let content = bytes[start..<place]
        try take("\"")
        return content
    }

    mutating func text() throws(Otherwise) -> String { String(decoding: try quoted(), as: UTF8.self) }

    /// Reads `{`, each key, what `value` reads, and `}`.
    mutating func object(
        _ value: (inout JSONScanner, ArraySlice<UInt8>) throws(Otherwise) -> Void
    ) throws(Otherwise) {
        try take("{")
        if takes("}") { return }
        repeat {
            let key = try quoted()
            try take(":")
            try value(&self, key)
        } while takes(",")
        try take("}")
    }

    /// Reads `[`, what `element` reads, and `]`.
    mutating func array(_ element: (inout JSONScanner) throws(Otherwise) -> Void) throws(Otherwise) {
        try take("[")
        if takes("]") { return }
        repeat { try element(&self) } while takes(",")
        try take("]")
    }

    /// A number without a sign, or `true`, which is one.
    mutating func number() throws(Otherwise) -> UInt32 {
        skipLayout()
        let start = place
        var number: UInt64 = 0
        while place < bytes.count, (48...57).contains(bytes[place]), place - start < 10 {
            number = number * 10 + UInt64(bytes[place] - 48)
            place += 1
        }
        guard place > start, let number = UInt32(exactly: number) else { throw Otherwise() }
        return number
    }

    mutating func takeTrue() throws(Otherwise) {
        skipLayout()
        guard bytes[place...].starts(with: "true".utf8) else { throw Otherwise() }
        place += 4
    }

    /// Any value that has no numbers but whole ones, and no strings that need escaping.
    mutating func value() throws(Otherwise) -> JSON {
        skipLayout()
        guard place < bytes.count else { throw Otherwise() }
        switch bytes[place] {
        case UInt8(ascii: "{"):
            var members: [String: JSON] = [:]
            try object { (scanner, key) throws(Otherwise) in
                members[String(decoding: key, as: UTF8.self)] = try scanner.value()
            }
            return .object(members)
        case UInt8(ascii: "["):
            var elements: [JSON] = []
            try array { (scanner) throws(Otherwise) in elements.append(try scanner.value()) }
            return .array(elements)
        case UInt8(ascii: "\""): return .string(try text())
        case UInt8(ascii: "t"):
            try takeTrue()
            return true
        case UInt8(ascii: "f"):
            guard bytes[place...].starts(with: "false".utf8) else { throw Otherwise() }
            place += 5
            return false
        default: return .integer(Int64(try number()))
        }
    }
}
