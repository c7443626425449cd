import Compiler
import JSONReader
import NetworkState
import Testing

struct RenderingTests {
    private func rendered(_ text: String, _ place: Place, colour: Bool = false) -> [String] {
        var diagnostics = Diagnostics()
        diagnostics.report(Diagnostic(.badValue, "wrong", at: place))
        let source = SourceText(name: "t.json", text: text)
        return diagnostics.rendered(in: source, colour: colour).split(separator: "\n").map(String.init)
    }

    private let name = Place.value(JSONPointer.root.appending("name"))

    @Test(arguments: [
        "{ \"name\": \"x\" }", "{\t\"name\":\t\"x\" }", "{ \"名前\": 1, \"name\": \"x\" }",
        "{ \"e\u{301}\": 1, \"name\": \"x\" }",
        "{ \"\u{1f600}\": 1,\r\n\t\"name\": \"x\" }\r\n",
    ])
    func `the caret stands below the value, whatever is in front of it`(_ text: String) throws {
        let lines = rendered(text, name)
        let before = try #require(lines[1].ranges(of: "\"x\"").first).lowerBound
        let width = lines[1][..<before].unicodeScalars.reduce(0) { $0 + Self.columns($1) }
        #expect(lines[2] == "      |" + String(repeating: " ", count: width - 7) + "^^^")
    }

    /// As the terminal counts the characters above.
    private static func columns(_ scalar: Unicode.Scalar) -> Int {
        switch scalar {
        case "\u{301}": 0
        case "名", "前", "\u{1f600}": 2
        default: 1
        }
    }

    @Test func `a column counts characters, not bytes`() {
        #expect(rendered(#"{ "名前": 1, "name": "x" }"#, name)[0].hasPrefix("t.json:1:20: error: wrong [bad-value]"))
    }

    @Test(arguments: [0, 50, 1000, 100_000])
    func `a long line is cut around what it is about`(_ length: Int) {
        let filler = String(repeating: "x", count: length)
        let lines = rendered(#"{ "a": "\#(filler)", "name": "here", "b": "\#(filler)" }"#, name)
        #expect(lines[1].contains(#""here""#))
        #expect(lines[1].count <= 110)
        let caret = lines[2].firstIndex(of: "^").map { lines[2].distance(from: lines[2].startIndex, to: $0) }
        let value = lines[1].ranges(of: #""here""#).first.map {
            lines[1].distance(from: lines[1].startIndex, to: $0.lowerBound)
        }
        #expect(caret == value)
    }

    @Test func `a value longer than the line is underlined as far as it is shown`() {
        let lines = rendered(#"{ "name": "\#(String(repeating: "x", count: 500))", "b": 1 }"#, name)
        #expect(lines[1].hasSuffix("…"))
        #expect(lines[1].count <= 110)
        #expect(lines[2].filter { $0 == "^" }.count == 72)
    }

    @Test func `a value over several lines shows its first`() {
        let lines = rendered("{\n  \"name\": {\n    \"a\": 1\n  }\n}\n", name)
        #expect(lines[1] == "    2 |   \"name\": {")
        #expect(lines[2] == "      |           ^")
    }

    @Test func `colour is asked for, not guessed`() {
        #expect(!rendered(#"{ "name": 1 }"#, name).joined().contains("\u{1b}"))
        #expect(rendered(#"{ "name": 1 }"#, name, colour: true).joined().contains("\u{1b}[1;31merror:\u{1b}[0m"))
    }

    @Test func `control characters in a text do not reach the terminal`() throws {
        let source = SourceText(
            name: "t.json", text: "{ \"version\": 1, \"hosts\": [], \"\\u001b[2J\u{202e}\": \"\u{202e}\" }")
        let text = diagnostics(of: source).rendered(in: source, colour: false)
        #expect(text.contains("[unknown-key]"))
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
        #expect(!text.unicodeScalars.contains("\u{202e}"))
    }

    @Test func `machines get the same in JSON`() throws {
        let fixture = Fixture("invalid/duplicate-mac.json")
        let json = diagnostics(of: fixture.source).json(in: fixture.source)
        #expect(
            json.text == """
                [
                  {
                    "code": "duplicate-mac",
                    "column": 118,
                    "endColumn": 137,
                    "endLine": 8,
                    "file": "duplicate-mac.json",
                    "line": 8,
                    "message": "the MAC address 02:00:00:00:00:01 is taken",
                    "notes": [
                      {
                        "column": 118,
                        "line": 7,
                        "message": "it is given here first",
                        "pointer": "/hosts/0/containers/0/mac"
                      }
                    ],
                    "pointer": "/hosts/1/containers/0/mac",
                    "severity": "error"
                  }
                ]

                """)
    }

    @Test func `places in the text are found all at once`() {
        let source = SourceText(name: "t.json", text: "{ \"a\": [1,\n  2] }")
        let root = JSONPointer.root.appending("a")
        #expect(
            source.locations(of: [root, root.appending(1), root.appending(2)])
                == [root: "t.json:1:8", root.appending(1): "t.json:2:3"])
    }
}
