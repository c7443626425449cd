import Compiler
import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

/// What editors check against, held up to what the compiler checks.
struct SchemaTests {
    private static let schema = Repository.root.appending(path: "schema/topology.schema.json")

    /// Those whose mistake is in the form of a value, which a schema can see.
    private static let structural: [Fixture] = Fixture.invalid.filter { fixture in
        let isAboutMeaning = ["missing-key-subnet", "bad-address-role", "bad-address-container-length"]
        let codes = [
            "unknown-key", "missing-key", "wrong-type", "bad-value", "bad-address", "bad-prefix", "bad-mac",
            "bad-name", "bad-range", "mtu-out-of-range", "link-name-too-long", "bad-link-name", "unsupported-version",
            "empty-expectation",
        ]
        return !isAboutMeaning.contains(fixture.name)
            && codes.contains { fixture.name == $0 || fixture.name == "\($0)-nested" || fixture.name == "\($0)-type" }
    }

    @Test func `the schema accepts what the compiler accepts`() throws {
        let accepted = Fixture.valid + Fixture.warned
        let verdicts = try Validation.verdicts(on: accepted.map(\.url), schema: Self.schema)
        #expect(verdicts.count == accepted.count)
        #expect(verdicts.filter { $0 != "accepted" } == [])
    }

    @Test func `the schema refuses mistakes in the form of a value`() throws {
        #expect(Self.structural.count >= 14)
        let verdicts = try Validation.verdicts(on: Self.structural.map(\.url), schema: Self.schema)
        let missed = zip(Self.structural, verdicts).filter { $1 == "accepted" }.map(\.0.name)
        #expect(verdicts.count == Self.structural.count)
        #expect(missed == [])
    }

    @Test func `every key is described, and is in an example that compiles`() throws {
        let schema = try JSON(parsing: String(contentsOf: Self.schema, encoding: .utf8))
        var used: Set<String> = []
        for fixture in Fixture.valid { Self.collectKeys(of: try JSON(parsing: fixture.source.bytes), &used) }
        let properties = Self.properties(of: schema)
        #expect(properties.count > 40)
        for (key, property) in properties {
            #expect(used.contains(key), "no valid fixture has the key '\(key)'")
            #expect(property["description"] != nil || property["const"] != nil || property["$ref"] != nil, "\(key)")
        }
    }

    private static func properties(of schema: JSON) -> [(String, JSON)] {
        let own = (schema["properties"]?.object ?? [:]).map { ($0.key, $0.value) }
        let inner = (schema.object.map { Array($0.values) } ?? schema.array ?? []).flatMap(properties)
        return own + inner
    }

    private static func collectKeys(of json: JSON, _ keys: inout Set<String>) {
        for (key, value) in json.object ?? [:] {
            keys.insert(key)
            collectKeys(of: value, &keys)
        }
        for element in json.array ?? [] { collectKeys(of: element, &keys) }
    }
}

/// Python's jsonschema, as an independent reader of the schema.
private enum Validation {
    private static let script = """
        import json, sys
        try:
            import jsonschema
        except ImportError:
            sys.exit("this test needs the Debian package python3-jsonschema")
        schema = json.load(open(sys.argv[1]))
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        for path in sys.argv[2:]:
            error = next(validator.iter_errors(json.load(open(path))), None)
            print("accepted" if error is None else path + ": " + error.message.replace("\\n", " "))
        """

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// One line for each file: `accepted`, or the first mistake.
    static func verdicts(on files: [URL], schema: URL) throws -> [String] {
        let python = Process()
        python.executableURL = URL(filePath: "/usr/bin/python3")
        python.arguments = ["-c", script, schema.path] + files.map(\.path)
        let (output, complaints) = (Pipe(), Pipe())
        python.standardOutput = output
        python.standardError = complaints
        try python.run()
        let lines = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        let complaint = String(decoding: try complaints.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        python.waitUntilExit()
        guard python.terminationStatus == 0 else { throw Failure(description: complaint) }
        return lines.split(separator: "\n").map(String.init)
    }
}
