package import Compiler
package import Foundation
import NetnsHarness
import Testing

/// One of `topologies/`: an example, and a test of everything that is tested of all of them.
package struct TopologyFile: Sendable, CustomTestStringConvertible {
    package let url: URL

    package var name: String { url.deletingPathExtension().lastPathComponent }
    package var testDescription: String { name }

    /// As somebody in the repository's root would name it.
    package var source: SourceText {
        get throws { try SourceText(reading: url, within: Repository.root) }
    }

    /// Of the file, or what the fragments in a directory come to.
    package var text: String {
        get throws { try source.text }
    }

    /// A file, or a directory where there is no such file.
    package init(_ name: String) {
        let file = Repository.topologies.appending(path: "\(name).json")
        let isFile = FileManager.default.fileExists(atPath: file.path)
        url = isFile ? file : Repository.topologies.appending(path: name)
    }

    private init(url: URL) {
        self.url = url
    }

    /// Every one, by name. None at all would be a mistake of the repository's, and fails the test that finds it.
    package static let all: [TopologyFile] = {
        topologies(in: Repository.topologies).filter { $0.lastPathComponent != "sabotaged" }.map(Self.init(url:))
    }()

    /// Those that must fail, by name.
    package static let sabotaged: [TopologyFile] = {
        topologies(in: Repository.topologies.appending(path: "sabotaged")).map(Self.init(url:))
    }()
}

/// The topologies in a folder, by name: files, and directories of fragments.
package func topologies(in folder: URL) -> [URL] {
    let urls = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return (urls ?? []).filter { $0.pathExtension == "json" || $0.hasDirectoryPath }
        .sorted { $0.lastPathComponent < $1.lastPathComponent }
}

extension SourceText {
    /// Named by its path below `folder`.
    package init(reading url: URL, within folder: URL) throws {
        let (path, prefix) = (url.path, folder.path + "/")
        try self.init(reading: path, as: path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path)
    }
}
