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
            && codes.contains {
                fixture.name == $0 || fixture.name == "\($0)-nested" || fixture.name == "\($0)-type"
                    || fixture.name == "\($0)-empty"
            }
    }

    @Test func `the schema accepts what the compiler accepts`() throws {
        let accepted = Fixture.valid + Fixture.warned
        let verdicts = try SchemaValidation.verdicts(on: accepted.map(\.source.text), schema: Self.schema)
        #expect(verdicts.count == accepted.count)
        #expect(zip(accepted, verdicts).filter { $1 != "accepted" }.map { "\($0): \($1)" } == [])
    }

    @Test func `the schema refuses mistakes in the form of a value`() throws {
        #expect(Self.structural.count >= 14)
        let verdicts = try SchemaValidation.verdicts(on: Self.structural.map(\.source.text), schema: Self.schema)
        let missed = zip(Self.structural, verdicts).filter { $1 == "accepted" }.map(\.0.name)
        #expect(verdicts.count == Self.structural.count)
        #expect(missed == [])
    }

    @Test func `every key is described, and is in an example that compiles`() throws {
        let schema = try JSON(parsing: String(contentsOf: Self.schema, encoding: .utf8))
        var used: Set<String> = []
        for fixture in Fixture.valid { Self.collectKeys(of: try JSON(parsing: fixture.source.text), &used) }
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
