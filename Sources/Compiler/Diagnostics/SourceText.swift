import JSONReader
package import NetworkState

/// One file of a source: its name, as messages cite it, and what stands in it.
package struct SourceFile: Hashable, Sendable {
    package let name: String
    package let bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// A topology's text: one file, or the fragments in a directory, which together say one topology.
package struct SourceText: Sendable {
    /// Of the file or the directory, as the user wrote it.
    package let name: String
    /// In the order of their names.
    package let files: [SourceFile]
    /// The topology's name where the text gives none: the stem of the file's name, made fit for a name.
    package let defaultTopologyName: String
    /// Where each file begins, were all of them one text with a byte between each and the next.
    private let starts: [Int]

    package init(name: String, files: [SourceFile], defaultTopologyName: String? = nil) {
        self.name = name
        self.files = files
        self.defaultTopologyName = Self.topologyName(from: defaultTopologyName ?? Self.stem(of: name))
        starts = files.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.bytes.count + 1) }
    }

    package init(name: String, bytes: [UInt8], defaultTopologyName: String? = nil) {
        self.init(
            name: name, files: [SourceFile(name: name, bytes: bytes)], defaultTopologyName: defaultTopologyName)
    }

    package init(name: String, text: String, defaultTopologyName: String? = nil) {
        self.init(name: name, bytes: Array(text.utf8), defaultTopologyName: defaultTopologyName)
    }

    /// All of it as one JSON text: a file as it stands, or what the fragments come to.
    package var text: String {
        if files.count == 1 { return String(decoding: files[0].bytes, as: UTF8.self) }
        var diagnostics = Diagnostics()
        return Document(reading: self, &diagnostics)?.json.text ?? ""
    }

    /// Where things stand in it, as `FILE:LINE:COLUMN`; one walk through each file, however many they are.
    package func locations(of pointers: some Sequence<JSONPointer>) -> [JSONPointer: String] {
        guard files.count == 1 else { return places(of: pointers).mapValues(\.description) }
        // What many pointers need, and no more.
        let start = files[0].name + ":"
        return SourceMap(files[0].bytes).positions(of: pointers).mapValues { start + $0.description }
    }

    /// A stretch of one file's bytes as a stretch of the whole, which is what a diagnostic may point at.
    func range(_ range: Range<Int>, ofFile file: Int) -> Range<Int> {
        range.lowerBound + starts[file]..<range.upperBound + starts[file]
    }

    /// The file that a stretch of the whole is in, and where in it.
    func split(_ range: Range<Int>) -> (file: Int, range: Range<Int>) {
        let file = max(starts.partitioningIndex { $0 > range.lowerBound } - 1, 0)
        return (file, range.lowerBound - starts[file]..<range.upperBound - starts[file])
    }

    /// `lab/two-hosts.json` → `two-hosts`
    private static func stem(of name: String) -> String {
        let file = name.split(separator: "/").last ?? ""
        return file.hasSuffix(".json") ? String(file.dropLast(5)) : String(file)
    }

    private static func topologyName(from text: String) -> String {
        let fit = String(
            text.map { NodeName.isAllowed($0) ? $0 : "-" }.drop { !NodeName.isAllowedFirst($0) }.prefix(63))
        return fit.isEmpty ? "topology" : fit
    }
}

extension SourceText {
    /// To be handed from one process to another.
    package var json: JSON {
        .object([
            "name": .string(name),
            "files": .array(
                files.map { file in
                    .object(["name": .string(file.name), "text": .string(String(decoding: file.bytes, as: UTF8.self))])
                }),
        ])
    }

    /// Nil if `json` is not what ``json`` writes.
    package init?(json: JSON) {
        guard let name = json["name"]?.string, let elements = json["files"]?.array else { return nil }
        let files = elements.compactMap { element -> SourceFile? in
            guard let name = element["name"]?.string, let text = element["text"]?.string else { return nil }
            return SourceFile(name: name, bytes: Array(text.utf8))
        }
        guard files.count == elements.count else { return nil }
        self.init(name: name, files: files)
    }
}

extension Array {
    /// The index of the first element that `isBehind`, where all such are behind all others.
    fileprivate func partitioningIndex(where isBehind: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
