package import NetworkState

/// Pairs that packets do not treat as they should, by the plan alone: all that have one cause.
package struct ReachabilityFinding: Sendable {
    package enum Kind: String, Sendable {
        case unreachable, unwanted
        case otherWay = "other-way"
        case blackHole = "mtu-black-hole"
        case loop
    }

    package let kind: Kind
    package let severity: Diagnostic.Severity
    /// The first of the pairs, in the file's order.
    package let witness: PacketStory.Question
    package let cause: String
    package let help: String?
    /// Of what an author has said; nil for what follows from the model.
    package let pointer: JSONPointer?
    /// Ordered pairs of addresses.
    package internal(set) var pairs: Int

    /// ```
    /// error[unreachable]: A1 gets no answer from B1 at 172.17.9.2, and 3 other pairs alike
    ///   = cause: no route on A: ...
    ///   = help: ...
    /// ```
    package var text: String {
        let others = pairs > 1 ? ", and \(pairs - 1) other \(pairs == 2 ? "pair" : "pairs") alike" : ""
        let lines = [
            "\(severity.rawValue)[\(kind.rawValue)]: \(sentence)\(others)", "  = cause: \(cause)",
            help.map { "  = help: \($0)" },
        ]
        return lines.compactMap(\.self).joined(separator: "\n") + "\n"
    }

    package var json: JSON {
        .members([
            "severity": .string(severity.rawValue), "code": .string(kind.rawValue), "message": .string(sentence),
            "from": .string(witness.from), "to": .string(witness.to),
            "source": .string("\(witness.source)"), "destination": .string("\(witness.destination)"),
            "pairs": .integer(Int64(pairs)), "cause": .string(cause), "help": help.map { .string($0) },
        ])
    }

    private var sentence: String {
        let (from, to) = (witness.from, "\(witness.to) at \(witness.destination)")
        return switch kind {
        case .unreachable: "\(from) gets no answer from \(to)"
        case .unwanted: "\(from) gets an answer from \(to), and should not"
        case .otherWay: "\(from) reaches \(to) by another way than it should"
        case .blackHole: "large packets from \(from) to \(to) are lost, and nobody is told"
        case .loop: "packets from \(from) to \(to) go round in circles"
        }
    }
}
