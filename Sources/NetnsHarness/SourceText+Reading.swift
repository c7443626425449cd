package import Compiler
package import Netlink

extension SourceText {
    /// What stands at `path`: a topology's file, or a directory with the fragments of one; `-` is standard input.
    ///
    /// ``load(_:)`` makes a topology of it, or finds its mistakes. Neither prints anything.
    ///
    /// - `name`: what messages call it, where that is not `path`.
    package init(reading path: String, as name: String? = nil) throws(SystemError) {
        let source = name ?? path
        if path == "-" {
            self.init(name: name ?? "<stdin>", bytes: try readStandardInput())
        } else if let directory = try FileDirectory.open(path) {
            let folder = Self.withoutSlashes(source)
            var files: [SourceFile] = []
            for file in try directory.names() where Self.isFragment(file) {
                files.append(SourceFile(name: "\(folder)/\(file)", bytes: try directory.readFile(file)))
            }
            self.init(name: source, files: files)
        } else {
            self.init(name: source, bytes: try readFileBytes(path))
        }
    }

    /// Whether a file of this name in a directory says a part of the topology: hidden ones, and what editors keep beside
    /// a file, do not.
    package static func isFragment(_ name: String) -> Bool {
        name.hasSuffix(".json") && !name.hasPrefix(".")
    }

    private static func withoutSlashes(_ path: String) -> Substring {
        var path = path[...]
        while path.count > 1, path.last == "/" { path.removeLast() }
        return path == "/" ? "" : path
    }
}
