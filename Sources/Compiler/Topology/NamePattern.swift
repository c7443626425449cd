/// The name of one node, or with a range in it, `h{1..100}`, of many.
struct NamePattern: Hashable, Sendable {
    /// As it is written.
    let text: String
    private let head: String
    private let tail: String
    /// Nil for a plain name.
    let range: ClosedRange<Int>?
    /// The digits that each number is padded to with zeros: 3 in `{001..100}`.
    private let width: Int

    enum Failure: Error {
        /// There is a brace, but no range.
        case malformed
        case backwards
        case tooMany(Int)
        /// A name it stands for is none.
        case badName
    }

    init(parsing text: String) throws(Failure) {
        self.text = text
        guard text.contains(where: { $0 == "{" || $0 == "}" }) else {
            (head, tail, range, width) = (text, "", nil, 0)
            guard NodeName.isValid(text) else { throw .badName }
            return
        }
        guard let match = text.wholeMatch(of: /([^{}]*)\{([0-9]{1,9})\.\.([0-9]{1,9})\}([^{}]*)/),
            let first = Int(match.2), let last = Int(match.3)
        else { throw .malformed }
        guard first <= last else { throw .backwards }
        guard last - first < Limits.containers else { throw .tooMany(last - first + 1) }
        (head, tail, range) = (String(match.1), String(match.4), first...last)
        let isPadded = [match.2, match.3].contains { $0.count > 1 && $0.first == "0" }
        width = isPadded ? max(match.2.count, match.3.count) : 0
        guard NodeName.isValid(name(last)), NodeName.isValid(name(first)) else { throw .badName }
    }

    var count: Int { range?.count ?? 1 }

    /// Every name it stands for, in order.
    var names: [String] { range?.map(name) ?? [text] }

    private func name(_ number: Int) -> String {
        let digits = String(number)
        return head + String(repeating: "0", count: max(width - digits.count, 0)) + digits + tail
    }
}

/// What a host, router, segment, container or topology may be called: each is a file's name under `/run/netns`,
/// and a word of a command.
enum NodeName {
    static let maximumLength = 63
    /// Of a file by which a namespace is known, in bytes: as long as a name in a directory may be (`NAME_MAX`).
    static let maximumFileLength = 255

    static func isValid(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= maximumLength else { return false }
        return isAllowedFirst(first) && name.utf8.allSatisfy(isAllowed)
    }

    static func isAllowedFirst(_ character: Character) -> Bool { isASCII(character, isAllowedFirst) }

    static func isAllowed(_ character: Character) -> Bool { isASCII(character, isAllowed) }

    // By bytes, as to ask Unicode what a letter is takes most of the time of reading a large topology.
    private static func isAllowedFirst(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        isAllowedFirst(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }

    private static func isASCII(_ character: Character, _ isAllowed: (UInt8) -> Bool) -> Bool {
        character.utf8.count == 1 && character.utf8.first.map(isAllowed) == true
    }
}

/// How large a topology may become, so that a slip in a range does not fill the memory.
enum Limits {
    static let hosts = 10_000
    static let containers = 100_000
}
