import Compiler
import Foundation
import TestSupport

/// A topology of this folder, read as the command line would read it.
struct Fixture: Sendable, CustomStringConvertible {
    let url: URL
    let source: SourceText

    init(_ url: URL) {
        self.url = url
        source =
            (try? SourceText(reading: url, within: url.deletingLastPathComponent()))
            ?? SourceText(name: url.lastPathComponent, text: "")
    }

    init(_ path: String) {
        self.init(Self.folder.appending(path: path))
    }

    var name: String { url.deletingPathExtension().lastPathComponent }
    var description: String { name }

    private static let folder = Repository.tests.appending(path: "CompilerTests/Fixtures")

    static let invalid = all(in: folder.appending(path: "invalid"))
    static let warned = all(in: folder.appending(path: "warned"))
    static let valid = all(in: folder.appending(path: "valid")) + TopologyFile.all.map { Fixture($0.url) }
    /// Valid as far as the text goes, but packets do not fare as they should.
    static let predicted = all(in: folder.appending(path: "predicted"))
    /// Nothing is wrong with them but what happens to the network.
    static let sabotaged = TopologyFile.sabotaged.map { Fixture($0.url) }

    private static func all(in folder: URL) -> [Fixture] {
        topologies(in: folder).map(Fixture.init)
    }
}

/// Every diagnostic of a text: what makes it invalid, or what is odd about it.
func diagnostics(of source: SourceText) -> Diagnostics {
    do throws(InvalidTopology) {
        return try LoadedTopology(loading: source).warnings
    } catch {
        return error.diagnostics
    }
}

extension Fixture {
    /// What is predicted of a valid topology's packets; of one that is about failures, what becomes of them then.
    func findings() throws -> Diagnostics {
        let topology = try load(source)
        let findings =
            name.contains("failure") ? FailureCheck(topology).findings : ReachabilityCheck(topology).findings
        return findings.diagnostics(in: topology)
    }
}
