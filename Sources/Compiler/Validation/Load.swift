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
        guard let document = Document(reading: source, &diagnostics),
            let topology = Topology(decoding: document.json, &diagnostics)
        else { return nil }
        self.init(validating: topology, defaultName: source.defaultTopologyName, &diagnostics)
    }
}
