import Measuring
import Testing

struct WrittenPartsTests {
    private static let end = "<!-- to here -->\n"
    private static let document = "# Figures\n\n\(end)\nWords.\n"

    @Test func `a part comes behind those that are there, and in its own place again`() throws {
        var parts = try #require(WrittenParts(Self.document, end: Self.end))
        parts.put("one\n", as: "a")
        parts.put("two\n", as: "b")
        let both = """
            # Figures

            <!-- a, from here -->

            one

            <!-- a, to here -->

            <!-- b, from here -->

            two

            <!-- b, to here -->

            \(Self.end)
            Words.

            """
        #expect(parts.text == both)
        parts.put("three\n", as: "a")
        #expect(parts.text == both.replacing("one", with: "three"))
        parts.put("one\n", as: "a")
        #expect(parts.text == both)
    }

    @Test(arguments: ["# Figures\n", document + end])
    func `without a place for parts, or with two, there is nothing to write to`(_ text: String) {
        #expect(WrittenParts(text, end: Self.end) == nil)
    }
}
