/// A text as its words and numbers and what stands between them, by turns; the first is a word, if an empty one.
///
/// Names, addresses and link names are words; of an IPv4 address with a length or a port, the address is.
struct Tokens {
    private(set) var words: [String] = []
    private(set) var gaps: [String] = []

    init(_ text: String) {
        let bytes = Array(text.utf8)
        var start = 0
        repeat {
            let end = Self.end(ofWordAt: start, bytes)
            // Where a port follows an address, nothing is between the two.
            let next =
                end > start && end < bytes.count && Self.isWord(bytes[end])
                ? end : bytes[end...].firstIndex(where: Self.isWord) ?? bytes.count
            words.append(String(decoding: bytes[start..<end], as: UTF8.self))
            gaps.append(String(decoding: bytes[end..<next], as: UTF8.self))
            start = next
        } while start < bytes.count
    }

    /// With other words for some.
    func replacing(_ standIn: (String) -> String?) -> String {
        var text = ""
        for (word, gap) in zip(words, gaps) {
            text += standIn(word) ?? word
            text += gap
        }
        return text
    }

    private static func end(ofWordAt start: Int, _ bytes: [UInt8]) -> Int {
        let end = bytes[start...].firstIndex { !isWord($0) } ?? bytes.count
        let word = bytes[start..<end]
        guard word.first != colon, word.contains(UInt8(ascii: ".")) else { return end }
        return word.firstIndex(of: colon) ?? end
    }

    private static let colon = UInt8(ascii: ":")

    /// All that is not ASCII is taken for letters.
    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "@")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), 0x80...:
            true
        default: false
        }
    }
}
