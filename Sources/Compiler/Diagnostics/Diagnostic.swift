package import JSONReader
package import NetworkState

/// One mistake of the author's: what is wrong, where, and what to do about it.
package struct Diagnostic: Hashable, Sendable {
    package enum Severity: String, Sendable {
        case error, warning
    }

    /// Another place that has to do with it.
    package struct Note: Hashable, Sendable {
        package let message: String
        package let place: Place?

        package init(_ message: String, at place: Place? = nil) {
            self.message = message
            self.place = place
        }

        package init(_ message: String, at pointer: JSONPointer) {
            self.init(message, at: .value(pointer))
        }
    }

    /// Packets that it is about: of one pair of ends, and of how many pairs alike.
    package struct Witness: Hashable, Sendable {
        package let question: PacketStory.Question
        /// That it is sent to, where it matters.
        package var port: UInt16?
        package let pairs: Int

        package init(_ question: PacketStory.Question, port: UInt16? = nil, pairs: Int) {
            self.question = question
            self.port = port
            self.pairs = pairs
        }
    }

    package let severity: Severity
    package let code: DiagnosticCode
    package let place: Place
    /// A sentence in the author's words, without a full stop.
    package let message: String
    package let notes: [Note]
    package let help: String?
    package let witness: Witness?

    package init(
        _ code: DiagnosticCode,
        _ message: String,
        at place: Place,
        severity: Severity = .error,
        notes: [Note] = [],
        help: String? = nil,
        witness: Witness? = nil
    ) {
        self.severity = severity
        self.code = code
        self.place = place
        self.message = message
        self.notes = notes
        self.help = help
        self.witness = witness
    }

    package init(
        _ code: DiagnosticCode,
        _ message: String,
        at pointer: JSONPointer,
        severity: Severity = .error,
        notes: [Note] = [],
        help: String? = nil
    ) {
        self.init(code, message, at: .value(pointer), severity: severity, notes: notes, help: help)
    }

    /// With how many pairs it is about, for people.
    var headline: String {
        guard let others = witness.map({ $0.pairs - 1 }), others > 0 else { return message }
        return "\(message), and \(grouped(others)) other \(others == 1 ? "pair" : "pairs") alike"
    }
}

/// The mistakes found so far. A pass reports and goes on.
package struct Diagnostics: Sendable {
    private(set) package var all: [Diagnostic] = []
    private var known: Set<Diagnostic> = []

    package init() {}

    package var isEmpty: Bool { all.isEmpty }
    package var hasErrors: Bool { all.contains { $0.severity == .error } }

    /// Adds `diagnostic`, unless the very same is there: a range's hundred hosts repeat the mistake of its one text.
    package mutating func report(_ diagnostic: Diagnostic) {
        if known.insert(diagnostic).inserted { all.append(diagnostic) }
    }
}

/// Text from a file as a message quotes it: on one line, without control characters, and not too long.
func quoted(_ text: String) -> String {
    let clipped = text.count > 64 ? text.prefix(64) + "…" : text
    return "'" + String(String.UnicodeScalarView(clipped.unicodeScalars.map { $0.isPrintable ? $0 : "\u{fffd}" })) + "'"
}

extension Unicode.Scalar {
    /// Whether a terminal shows it, rather than obeys it.
    var isPrintable: Bool {
        if isASCII { return (0x20..<0x7f).contains(value) }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
        default: true
        }
    }
}
