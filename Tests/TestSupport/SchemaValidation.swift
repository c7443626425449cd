package import Foundation

/// Python's jsonschema, as an independent reader of our schemas.
package enum SchemaValidation {
    private static let script = """
        import json, sys
        try:
            import jsonschema
        except ImportError:
            sys.exit("this test needs the Debian package python3-jsonschema")
        schema = json.load(open(sys.argv[1]))
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        for line in sys.stdin:
            error = next(validator.iter_errors(json.loads(line)), None)
            print("accepted" if error is None else error.message.replace("\\n", " "))
        """

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// One line for each text: `accepted`, or the first mistake.
    package static func verdicts(on texts: [String], schema: URL) throws -> [String] {
        // A line break in JSON is a space: none stands in a string.
        let lines = texts.map { $0.replacing("\n", with: " ") + "\n" }.joined()
        let finished = try run(["/usr/bin/python3", "-c", script, schema.path], input: lines)
        guard finished.status == 0 else { throw Failure(description: finished.errors) }
        return finished.lines
    }
}
