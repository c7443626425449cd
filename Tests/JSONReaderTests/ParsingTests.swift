import JSONReader
import NetworkState
import Testing

struct ParsingTests {
    @Test(
        arguments: [
            ("null", JSON.null), ("true", true), (" 7 ", 7), ("-9223372036854775808", .integer(.min)),
            ("1.5", .real(1.5)),
            (#""a\n\u00e9""#, "a\né"), ("[]", []), ("{}", .object([:])),
            (#"{ "a": [1, { "b": "" }] }"#, .object(["a": [1, .object(["b": ""])]])),
        ] as [(String, JSON)])
    func `any value is read`(_ text: String, _ value: JSON) throws {
        #expect(try JSON(parsing: text) == value)
    }

    @Test(arguments: [.null, [1, [true], .object(["k/~": "\"\\\u{7}é😀"])], .real(0.1), .integer(.max)] as [JSON])
    func `what is written is read again`(_ value: JSON) throws {
        #expect(try JSON(parsing: value.text) == value)
        #expect(try JSON(parsing: value.line) == value)
    }

    struct Refusal: CustomTestStringConvertible {
        let bytes: [UInt8]
        let kind: JSONSyntaxError.Kind
        let position: String
        let range: Range<Int>

        init(_ text: String, _ kind: JSONSyntaxError.Kind, _ position: String, _ range: Range<Int>) {
            self.init(Array(text.utf8), kind, position, range)
        }

        init(_ bytes: [UInt8], _ kind: JSONSyntaxError.Kind, _ position: String, _ range: Range<Int>) {
            (self.bytes, self.kind, self.position, self.range) = (bytes, kind, position, range)
        }

        var testDescription: String { String(decoding: bytes.prefix(30), as: UTF8.self).debugDescription }
    }

    @Test(arguments: [
        Refusal("", .prematureEnd, "1:1", 0..<0),
        Refusal(" \n", .prematureEnd, "1:1", 0..<0),
        Refusal("{\n  \"a\": }", .syntax, "2:8", 9..<10),
        Refusal("[1 2]", .syntax, "1:4", 3..<4),
        Refusal("[1,\n 2", .prematureEnd, "2:3", 6..<6),
        Refusal("\"abc", .prematureEnd, "1:1", 0..<4),
        Refusal("[\"a\nb\"]", .syntax, "1:2", 1..<3),
        Refusal("1 2", .syntax, "1:3", 2..<3),
        Refusal("\"\u{e9}\" x", .syntax, "1:5", 5..<6),
        Refusal("\"\\u0000\"", .nullCharacter, "1:1", 0..<8),
        Refusal("{ \"a\\u0000\": 1 }", .nullCharacter, "1:3", 2..<11),
        Refusal([0x22, 0xff, 0x22], .encoding, "1:2", 1..<2),
        Refusal([0x22, 0xc3], .encoding, "1:2", 1..<2),
        Refusal([0x22, 0xed, 0xa0, 0x80, 0x22], .encoding, "1:2", 1..<2),
        Refusal([0x5b, 0x00, 0x5d], .nullCharacter, "1:2", 1..<2),
        Refusal("9223372036854775808", .number, "1:1", 0..<19),
        Refusal("1e999", .number, "1:1", 0..<5),
        Refusal("{ \"a\": 1, \"a\": 2 }", .duplicateKey, "1:11", 10..<13),
    ])
    func `what is not JSON is refused where it stops being JSON`(_ refusal: Refusal) throws {
        let error = try #require(throws: JSONSyntaxError.self) { try JSON(parsing: refusal.bytes) }
        #expect(error.kind == refusal.kind)
        #expect(error.position.description == refusal.position)
        #expect(error.range == refusal.range)
    }

    @Test(arguments: ["[", "{\"a\":"])
    func `nesting has a limit that the stack can bear`(_ opening: String) throws {
        let deep = String(repeating: opening, count: 1_000_000)
        #expect(try #require(throws: JSONSyntaxError.self) { try JSON(parsing: deep) }.kind == .depth)
    }

    @Test func `nesting up to the limit is read`() throws {
        let depth = 2000
        let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        var json = try JSON(parsing: text)
        var levels = 0
        while let inner = json.array {
            levels += 1
            json = inner.first ?? .null
        }
        #expect(levels == depth)
        #expect(SourceMap(text).duplicateKeys().isEmpty)
    }

    @Test func `the last of two equal keys can be asked for`() throws {
        #expect(try JSON(parsing: #"{ "a": 1, "a": 2 }"#, duplicateKeys: .lastWins) == .object(["a": 2]))
    }
}
