package import Foundation
package import Testing

/// Wireshark's reader of captures, which knows nothing of this project.
package enum Tshark {
    /// The values of `fields` of each packet of the capture in `file`; of what occurs several times, as an outer and an
    /// inner header do, the first.
    package static func read(_ file: URL, _ fields: [String]) throws -> [[String]] {
        let asked = fields.flatMap { ["-e", $0] }
        let finished = try run(
            ["tshark", "-n", "-r", file.path, "-T", "fields", "-E", "separator=/t", "-E", "occurrence=f"] + asked)
        try #require(finished.status == 0, "\(finished.errors)")
        return finished.output.split(separator: "\n").map { line in
            line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
    }
}

extension Trait where Self == ConditionTrait {
    /// For tests that have their captures read by others.
    package static var tshark: Self {
        .enabled("there is no tshark: scripts/packages.sh test") {
            try run(["sh", "-c", "command -v tshark"]).status == 0
        }
    }
}

/// A folder of a test's own, which goes with this value.
package final class TemporaryFolder: Sendable {
    package let url: URL

    package init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "weft-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    package func file(_ name: String) -> URL { url.appending(path: name) }

    deinit { try? FileManager.default.removeItem(at: url) }
}
