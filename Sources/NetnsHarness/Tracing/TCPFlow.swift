import NetworkState

/// What the packets of one connection are known by, without the sender's address: translators change that most often.
struct TCPFlow: Hashable, Sendable {
    let sourcePort: UInt16
    let destination: IPAddress
    let destinationPort: UInt16
}

extension Packet {
    /// The connection that it would be a question of.
    var flow: TCPFlow? {
        guard case .tcp(let sourcePort, let destinationPort, _, _, _) = transport else { return nil }
        return TCPFlow(sourcePort: sourcePort, destination: destination, destinationPort: destinationPort)
    }

    /// The connection that it would be an answer of.
    var flowBack: TCPFlow? {
        guard case .tcp(let sourcePort, let destinationPort, _, _, _) = transport else { return nil }
        return TCPFlow(sourcePort: destinationPort, destination: source, destinationPort: sourcePort)
    }
}
