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
    /// What was seen of the packet, step by step.
    package let steps: [String]
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
