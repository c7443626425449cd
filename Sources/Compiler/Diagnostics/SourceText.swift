import JSONReader
package import NetworkState

/// A topology's text and the name of its file, as the user wrote that.
package struct SourceText: Sendable {
    package let name: String
    package let bytes: [UInt8]
    /// The topology's name where the text gives none: the stem of the file's name, made fit for a name.
    package let defaultTopologyName: String

    package init(name: String, bytes: [UInt8], defaultTopologyName: String? = nil) {
        self.name = name
        self.bytes = bytes
        self.defaultTopologyName = Self.topologyName(from: defaultTopologyName ?? Self.stem(of: name))
    }

    package init(name: String, text: String, defaultTopologyName: String? = nil) {
        self.init(name: name, bytes: Array(text.utf8), defaultTopologyName: defaultTopologyName)
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Where things stand in it, as `FILE:LINE:COLUMN`; one walk through the text, however many they are.
    package func locations(of pointers: some Sequence<JSONPointer>) -> [JSONPointer: String] {
        SourceMap(bytes).positions(of: pointers).mapValues { "\(name):\($0)" }
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
