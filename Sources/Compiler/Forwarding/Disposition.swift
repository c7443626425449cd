package import NetworkState

/// What becomes of a packet in the end.
package enum Disposition: Hashable, Sendable {
    case delivered
    /// Delivered, with another source or destination than it was sent with.
    case translated
    case noRoute
    case blackholed
    /// It comes by the same nodes until its time to live is used up.
    case loop
    /// No link with the next hop's address is found, or it gets there no frame.
    case neighbourUnreachable
    case filtered
    /// With the largest that would fit, in bytes, as whoever sent it is told; nil where nobody says anything.
    case tooBig(mtu: Int?)

    package var isDelivered: Bool { self == .delivered || self == .translated }

    package var word: String {
        switch self {
        case .delivered: "delivered"
        case .translated: "translated"
        case .noRoute: "no route"
        case .blackholed: "blackholed"
        case .loop: "loop"
        case .neighbourUnreachable: "neighbour unreachable"
        case .filtered: "filtered"
        case .tooBig: "too big"
        }
    }
}

/// Where a packet's way ends, and why.
package struct WalkEnding: Hashable, Sendable {
    package let disposition: Disposition
    package let node: String
    /// Why it gets no further, in a sentence's worth of words; empty if it has arrived.
    package let reason: String
    /// What is there that decides so; nil where something is lacking.
    package let decider: Reliance?
}

/// Something in a namespace that a packet's way depends on.
package struct Reliance: Hashable, Sendable {
    struct Identity: Hashable {
        let node: String
        let resource: Resource.Identity
    }

    package let node: String
    package let resource: Resource

    /// `route A/172.17.9.0/24: via 192.168.100.101 dev eth0 proto bird onlink`
    package var text: String {
        let words = resource.words
        return "\(resource.identity.kind) \(node)/\(resource.identity)" + (words.isEmpty ? "" : ": \(words)")
    }
}
