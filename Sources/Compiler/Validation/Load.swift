import JSONReader
import NetworkState

/// The mistakes that make a text no topology.
package struct InvalidTopology: Error, Sendable {
    package let diagnostics: Diagnostics
}

/// A valid topology, and what is odd about it nevertheless.
package struct LoadedTopology: Sendable {
    package let topology: ValidTopology
    package let warnings: Diagnostics

    /// Reads a topology or finds every mistake in it.
    package init(loading source: SourceText) throws(InvalidTopology) {
        var diagnostics = Diagnostics()
        let topology = ValidTopology(reading: source, &diagnostics)
        guard let topology, !diagnostics.hasErrors else { throw InvalidTopology(diagnostics: diagnostics) }
        self.topology = topology
        warnings = diagnostics
    }
}

/// Text to a valid topology, or every mistake in it.
package func load(_ source: SourceText) throws(InvalidTopology) -> ValidTopology {
    try LoadedTopology(loading: source).topology
}

extension ValidTopology {
    fileprivate init?(reading source: SourceText, _ diagnostics: inout Diagnostics) {
        guard let json = JSON(reading: source, &diagnostics),
            let topology = Topology(decoding: json, &diagnostics)
        else { return nil }
        self.init(validating: topology, defaultName: source.defaultTopologyName, &diagnostics)
    }
}

extension JSON {
    /// Nil if the text is not JSON. Keys that stand twice are reported, and the last is taken, to go on.
    fileprivate init?(reading source: SourceText, _ diagnostics: inout Diagnostics) {
        do throws(JSONSyntaxError) {
            do throws(JSONSyntaxError) {
                try self.init(parsing: source.bytes)
            } catch {
                guard error.kind == .duplicateKey else { throw error }
                try self.init(parsing: source.bytes, duplicateKeys: .lastWins)
                for duplicate in SourceMap(source.bytes).duplicateKeys() {
                    diagnostics.report(.duplicateKey(duplicate))
                }
            }
        } catch {
            diagnostics.report(.syntaxError(error))
            return nil
        }
    }
}
