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
        for path in sys.argv[2:]:
            error = next(validator.iter_errors(json.load(open(path))), None)
            print("accepted" if error is None else path + ": " + error.message.replace("\\n", " "))
        """

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// One line for each file: `accepted`, or the first mistake.
    package static func verdicts(on files: [URL], schema: URL) throws -> [String] {
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
