/// The names of containers that a host only says the number of: `A1`, `A2` …; after a digit `h1-1`, `h1-2` …, so that
/// `h1`'s eleventh is not `h11`'s first.
struct NumberedNames: Sendable {
    /// Ends with no digit.
    let stem: String
    let count: Int

    init(of host: String, count: Int) {
        stem = host.utf8.last.map(Self.isDigit) == true ? host + "-" : host
        self.count = count
    }

    subscript(index: Int) -> String { stem + String(index + 1) }

    /// The last and longest, if there is one.
    var last: String { self[count - 1] }

    /// What `name` would be the name of, and as which, counted from 1; nil if it ends with no number.
    static func split(_ name: String) -> (stem: Substring, number: Int)? {
        let digits = name.utf8.reversed().prefix(while: isDigit)
        let start = name.utf8.index(name.endIndex, offsetBy: -digits.count)
        guard digits.last != UInt8(ascii: "0"), let number = Int(name[start...]) else { return nil }
        return (name[..<start], number)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
