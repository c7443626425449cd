package import Foundation
package import Testing

/// Compares `actual` with a golden file, or writes it there when `UPDATE_GOLDEN=1` is set.
package func expectGolden(_ actual: String, _ file: URL, sourceLocation: SourceLocation = #_sourceLocation) {
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
        do {
            let folder = file.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(actual.utf8).write(to: file)
        } catch {
            Issue.record("cannot write \(file.path): \(error)", sourceLocation: sourceLocation)
        }
        return
    }
    guard let golden = try? String(contentsOf: file, encoding: .utf8) else {
        Issue.record("no golden file \(file.path); make it with UPDATE_GOLDEN=1", sourceLocation: sourceLocation)
        return
    }
    #expect(actual == golden, sourceLocation: sourceLocation)
}

/// Folders of this repository, found from where this file stands.
package enum Repository {
    /// Overridden where the checkout is shown at another place than it was built at.
    package static let root =
        ProcessInfo.processInfo.environment["WEFT_REPOSITORY"].map { URL(filePath: $0) }
        ?? URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    package static let topologies = root.appending(path: "topologies")
    package static let tests = root.appending(path: "Tests")
}
