package import Foundation
import Testing

/// One of `topologies/`: an example, and a test of everything that is tested of all of them.
package struct TopologyFile: Sendable, CustomTestStringConvertible {
    package let url: URL

    package var name: String { url.deletingPathExtension().lastPathComponent }
    package var testDescription: String { name }

    package var text: String {
        get throws { try String(contentsOf: url, encoding: .utf8) }
    }

    package init(_ name: String) {
        url = Repository.topologies.appending(path: "\(name).json")
    }

    private init(url: URL) {
        self.url = url
    }

    /// Every one, by name. None at all would be a mistake of the repository's, and fails the test that finds it.
    package static let all: [TopologyFile] = {
        let files = try? FileManager.default.contentsOfDirectory(
            at: Repository.topologies, includingPropertiesForKeys: nil)
        return (files ?? []).filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }.map(Self.init(url:))
    }()
}
