package import NetworkState

/// What has become of all packets since the forwarder started.
package struct ForwardingCounters: Hashable, Sendable {
    /// Why a packet was not forwarded.
    package enum Drop: String, CaseIterable, Hashable, Sendable {
        /// Not an IP packet, not the whole of one, or with something behind it.
        case malformed
        /// From an address and port that is no peer's.
        case unknownPeer
        /// From a peer, for something that is not behind this host.
        case notLocal
        /// From this host, for something that is behind no peer.
        case noRoute
        case expired
        /// For many: multicast and broadcast.
        case multicast
        /// More than a datagram holds.
        case tooBig
        /// The kernel would not send the datagram.
        case sendError
        /// The kernel would not take the packet from the TUN link.
        case deliveryError
    }

    /// From this host to peers.
    package internal(set) var sent = 0
    package internal(set) var sentBytes = 0
    /// From peers to this host.
    package internal(set) var delivered = 0
    package internal(set) var deliveredBytes = 0
    /// ICMP errors that were made, and those that were held back because there were too many.
    package internal(set) var answers = 0
    package internal(set) var answersHeldBack = 0

    /// By the order of `Drop.allCases`: a dictionary would have to be grown while packets wait.
    private var drops = Array(repeating: 0, count: Drop.allCases.count)

    package subscript(drop: Drop) -> Int {
        get { drops[drop.index] }
        set { drops[drop.index] = newValue }
    }

    package init() {}

    package var json: JSON {
        let dropped = Drop.allCases.map { ($0.rawValue, JSON.integer(Int64(self[$0]))) }
        return .object([
            "sent": .integer(Int64(sent)), "sentBytes": .integer(Int64(sentBytes)),
            "delivered": .integer(Int64(delivered)), "deliveredBytes": .integer(Int64(deliveredBytes)),
            "answers": .integer(Int64(answers)), "answersHeldBack": .integer(Int64(answersHeldBack)),
            "dropped": .object(Dictionary(uniqueKeysWithValues: dropped)),
        ])
    }
}

extension ForwardingCounters.Drop {
    /// The place among all cases, as declared.
    fileprivate var index: Int {
        switch self {
        case .malformed: 0
        case .unknownPeer: 1
        case .notLocal: 2
        case .noRoute: 3
        case .expired: 4
        case .multicast: 5
        case .tooBig: 6
        case .sendError: 7
        case .deliveryError: 8
        }
    }
}
