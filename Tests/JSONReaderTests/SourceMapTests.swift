import JSONReader
import NetworkState
import Testing

struct SourceMapTests {
    private let text = """
        {
          "name": "é",
          "a/b": [10, { "k": [ ] }, "x, ]}\\" y"],
          "es\\u0063aped" : { "in": null }
        }
        """

    private func excerpt(_ place: Place) -> String? {
        SourceMap(text).range(of: place).map { String(decoding: Array(text.utf8)[$0], as: UTF8.self) }
    }

    @Test(
        arguments: [
            ([.key("name")], #""é""#), ([.key("a/b"), .index(0)], "10"), ([.key("a/b"), .index(1), .key("k")], "[ ]"),
            ([.key("a/b"), .index(2)], #""x, ]}\" y""#), ([.key("escaped"), .key("in")], "null"),
            ([.key("escaped")], #"{ "in": null }"#),
        ] as [([JSONPointer.Step], String)])
    func `a pointer leads to its value's text`(_ steps: [JSONPointer.Step], _ expected: String) {
        #expect(excerpt(.value(JSONPointer(steps))) == expected)
    }

    @Test(
        arguments: [
            ([.key("name")], #""name""#), ([.key("a/b"), .index(1), .key("k")], #""k""#),
            ([.key("escaped")], #""es\u0063aped""#),
        ] as [([JSONPointer.Step], String)])
    func `a pointer leads to its key's text`(_ steps: [JSONPointer.Step], _ expected: String) {
        #expect(excerpt(.key(JSONPointer(steps))) == expected)
    }

    @Test(
        arguments: [
            [.key("none")], [.key("a/b"), .index(3)], [.key("a/b"), .key("0")], [.key("name"), .index(0)],
        ] as [[JSONPointer.Step]])
    func `a pointer to nothing leads nowhere`(_ steps: [JSONPointer.Step]) {
        #expect(excerpt(.value(JSONPointer(steps))) == nil)
    }

    @Test func `a place is the same however one has come to it`() {
        let place = JSONPointer([.key("a/b"), .index(1), .key("k")])
        let same = JSONPointer.root.appending("a/b").appending(1).appending("k")
        #expect(place == same && place.hashValue == same.hashValue && place.description == "/a~1b/1/k")
        #expect(place.steps == same.steps && place.parent == same.parent && JSONPointer.root.parent == .root)
        for other in [place.parent, .root, place.appending(1), JSONPointer([.key("a/b"), .key("1"), .key("k")])] {
            #expect(place != other && Set([place, other]).count == 2)
        }
    }

    @Test func `an element of a list has no key`() {
        #expect(excerpt(.key(JSONPointer([.key("a/b"), .index(0)]))) == nil)
    }

    @Test func `the root is the whole value`() {
        #expect(excerpt(.value(.root)) == text)
    }

    @Test func `columns count characters and start at one`() throws {
        let pointers = [JSONPointer([.key("name")]), JSONPointer([.key("a/b"), .index(1)]), JSONPointer.root]
        let positions = SourceMap(text).positions(of: pointers)
        #expect(positions[pointers[0]] == SourcePosition(line: 2, column: 11))
        #expect(positions[pointers[1]] == SourcePosition(line: 3, column: 15))
        #expect(positions[pointers[2]] == SourcePosition(line: 1, column: 1))
        #expect(SourceMap("é: x").positions(of: [4])[4] == SourcePosition(line: 1, column: 4))
    }

    @Test func `every repeated key is found with the one it repeats`() {
        let map = SourceMap(#"{ "a": 1, "b": [{ "c": 1, "\u0063": { "c": 1 }, "c": 2 }], "a": 2 }"#)
        let found = map.duplicateKeys()
        #expect(found.map(\.key) == ["c", "c", "a"])
        #expect(found.map(\.object.description) == ["/b/0", "/b/0", ""])
        #expect(found.map(\.first.lowerBound) == [18, 18, 2])
        #expect(found.map(\.again.lowerBound) == [26, 48, 59])
    }

    @Test func `many places cost one walk`() throws {
        let count = 20_000
        let text = "[" + (0..<count).map { "{ \"v\": \($0) }" }.joined(separator: ",\n") + "]"
        let pointers = (0..<count).map { JSONPointer([.index($0), .key("v")]) }
        let clock = ContinuousClock()
        let start = clock.now
        let positions = SourceMap(text).positions(of: pointers)
        // A walk for each would take minutes.
        #expect(clock.now - start < .seconds(20))
        #expect(positions.count == count)
        #expect(positions[pointers[count - 1]]?.line == count)
    }
}
