package import Compiler
package import NetworkState

/// Why something is not as expected, as far as the lab itself shows it.
package struct Finding: Hashable, Sendable {
    package let from: String
    package let to: String?
    package let address: IPAddress?
    /// After which event, if any.
    package let event: String?
    /// Where the packet, or its answer, was seen last: `B:eth0, incoming`.
    package let lastSeen: String?
    /// The most likely first.
    package let culprits: [Culprit]
    /// What was seen of the packet, by whatever it was sent, frame by frame.
    package let packets: [Journey.Sighting]
    /// Those of whom the same culprits are told before.
    package var sameAs: Pair?
    /// By what the packet was sent; nil where none was.
    package var `protocol`: ProbeProtocol?
    /// Nil where nobody wanted it.
    package var evidence: Evidence?

    /// Whom it is about.
    package var pair: Pair { Pair(from: from, to: to) }

    package struct Pair: Hashable, Sendable {
        package let from: String
        package let to: String?
    }
}

extension Finding {
    /// What was seen, a line a frame.
    package var steps: [String] { packets.lines }
}

extension Finding.Pair: CustomStringConvertible {
    package var description: String { [from, to].compactMap(\.self).joined(separator: " -> ") }
}

/// One thing that is to blame.
package struct Culprit: Hashable, Sendable {
    package let node: String
    /// `neighbour A/172.17.9.0 dev flannel.1: lladdr 02:…:99 -> 02:…:2a`
    package let text: String
    /// What would put it right.
    package let remedy: String?
    /// Where the topology says how it should be.
    package let source: String?
}
