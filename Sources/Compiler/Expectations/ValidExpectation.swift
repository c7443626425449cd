package import NetworkState

extension ValidTopology {
    /// What the author says about one set of pairs, against what follows from the model; what is nil is not spoken of.
    package struct Expectation: Sendable {
        /// Names of containers and servers; empty means every container.
        package let from: Set<String>
        package let to: Set<String>
        /// Whether packets get there and back.
        package let isReachable: Bool?
        package let protocols: Set<ProbeProtocol>
        /// Of the answering side.
        package var port: UInt16?
        /// The way there, from the one end to the other; as far as it names links, packets cross those too.
        package var path: [PathElement]?
        package var returnPath: [PathElement]?
        /// What packets are in between hosts.
        package var encapsulation: NetworkModel.Encapsulation?
        /// The largest packet that gets there whole, in bytes.
        package var mtu: UInt32?
        package var source: ExpectedAddress?
        /// So many bytes arrive by TCP.
        package var bulk: Int?
        /// Who alone answers for the default gateways of ``from``; nothing is then said of pairs.
        package var gateway: MACAddress?
        package let pointer: JSONPointer
    }

    /// What the answering side sees packets come from.
    package enum ExpectedAddress: Hashable, Sendable {
        /// The sender's own.
        case kept
        /// One of these.
        case addresses([IPAddress])
    }
}

/// A node that packets go through, and the link that they are seen on: `A`, `A:eth0`.
package struct PathElement: Hashable, Sendable {
    package let node: String
    /// Nil where any will do.
    package let link: LinkName?

    package init(node: String, link: LinkName?) {
        self.node = node
        self.link = link
    }
}

/// What a reachability probe is made of.
package enum ProbeProtocol: String, CaseIterable, Comparable, Sendable {
    case icmp, tcp, udp

    package static func < (left: ProbeProtocol, right: ProbeProtocol) -> Bool { left.rawValue < right.rawValue }
}
