import ArgumentParser
import Compiler

/// What probes are made of, with commas between them: `icmp,udp`.
struct ProtocolList: ExpressibleByArgument, CustomStringConvertible {
    static let all = ProtocolList(words: allValueStrings)
    static let allValueStrings = ProbeProtocol.allCases.map(\.rawValue)

    private let words: [String]

    private init(words: [String]) { self.words = words }

    init(argument: String) {
        words = argument.split(separator: ",").map { String($0.filter { $0 != " " }) }
    }

    var protocols: Set<ProbeProtocol> { Set(words.compactMap(ProbeProtocol.init(rawValue:))) }

    /// Fails with the first word that is none of them, and what it may have been meant to be.
    func validate() throws {
        if words.isEmpty { throw ValidationError("--protocols takes \(Self.all), or some of them with commas") }
        for word in words where ProbeProtocol(rawValue: word) == nil {
            let hint = didYouMean(word, among: Self.allValueStrings) ?? "it takes \(Self.all)"
            throw ValidationError("--protocols takes no '\(word)': \(hint)")
        }
    }

    var description: String { words.joined(separator: ",") }
}
