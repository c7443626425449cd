import JSONReader
package import NetworkState

/// Something that packets do not fare as they should by, by the plan alone: all that has one cause.
package struct ReachabilityFinding: Hashable, Sendable {
    package let code: DiagnosticCode
    package let severity: Diagnostic.Severity
    /// A sentence about the first of the pairs.
    package let message: String
    /// The first of the pairs, in the file's order; nil where it is about no pair.
    package var witness: PacketStory.Question?
    /// That it is sent to, where that is what matters.
    package var port: UInt16?
    package internal(set) var cause: String
    package var help: String?
    /// What an author has said about it; nil for what follows from the model.
    package var said: JSONPointer?
    /// Where it comes to pass, and by which entry, if by one.
    package let node: String
    package var decider: Reliance?
    /// Ordered pairs of addresses; of what is about no pair, how many things alike.
    package internal(set) var pairs = 1
}

extension ReachabilityFinding {
    /// With its place in the text: what the author says, or where the entry that decides follows from, or the node.
    func diagnostic(_ origins: inout EntryOrigins) -> Diagnostic {
        let entry = decider.flatMap { origins.pointer(to: $0) } ?? origins.pointer(to: node)
        let place = said ?? entry ?? witness.flatMap { origins.pointer(to: $0.from) } ?? .root
        let others = witness == nil && pairs > 1 ? ", and \(grouped(pairs - 1)) alike" : ""
        return Diagnostic(
            code, message + others, at: .value(place), severity: severity,
            notes: [Diagnostic.Note(cause, at: said == nil ? nil : entry.map(Place.value))], help: help,
            witness: witness.map { Diagnostic.Witness($0, port: port, pairs: pairs) })
    }
}

extension ReachabilityCheck {
    /// The findings with their places in the text of `topology`, from which they were made.
    package func diagnostics(in topology: ValidTopology) -> Diagnostics { findings.diagnostics(in: topology) }
}

extension [ReachabilityFinding] {
    package func diagnostics(in topology: ValidTopology) -> Diagnostics {
        var origins = EntryOrigins(topology)
        var diagnostics = Diagnostics()
        for finding in self { diagnostics.report(finding.diagnostic(&origins)) }
        return diagnostics
    }
}

extension PacketStory.Question {
    /// `B1 at 172.17.9.2`, and by what, if not by an echo.
    func target(port: UInt16? = nil) -> String {
        let words = port.map { " port \($0)/\(`protocol`.rawValue)" } ?? (`protocol` == .icmp ? "" : " by \(word)")
        return "\(to) at \(destination)\(words)"
    }

    private var word: String { `protocol`.rawValue.uppercased() }
}
