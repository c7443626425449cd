package import NetworkState

/// From where a packet should seem to come to who receives it.
package enum ExpectedSource: Hashable, Sendable {
    case unknown
    /// From one of the sender's own addresses, which are these.
    case kept([IPAddress])
    /// From one of these, which are a translator's.
    case translated(to: [IPAddress])

    /// Nil where any will do.
    package var addresses: [IPAddress]? {
        switch self {
        case .unknown: nil
        case .kept(let addresses), .translated(let addresses): addresses
        }
    }

    package var isTranslated: Bool {
        if case .translated = self { true } else { false }
    }
}
