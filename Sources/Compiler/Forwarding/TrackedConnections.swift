import NetworkState

/// What the nodes that a question came through remember of it, by which they know its answer (`nf_conntrack` in the kernel).
struct TrackedConnections: Sendable {
    struct Connection: Hashable, Sendable {
        let before: Ends
        var after: Ends

        var hasNewDestination: Bool { before.destination != after.destination || before.port != after.port }
    }

    /// From where to where.
    struct Ends: Hashable, Sendable {
        let source: IPAddress
        let sourcePort: UInt16?
        let destination: IPAddress
        let port: UInt16?

        init(_ header: ModelPacket.Header) {
            source = header.source
            sourcePort = header.sourcePort
            destination = header.destination
            port = header.destinationPort
        }
    }

    private var connections: [Int: [Connection]] = [:]

    /// What `node` knows that an answer with such ends answers; what is sent back for a question goes the other way round.
    func answered(by header: ModelPacket.Header, at node: Int) -> Connection? {
        connections[node]?.first { connection in
            connection.after.source == header.destination && connection.after.destination == header.source
                && connection.after.sourcePort == header.destinationPort
                && connection.after.port == header.sourcePort
        }
    }

    /// What `node` has made of the question that came to it so, or has left it by so.
    func begun(by header: ModelPacket.Header, at node: Int) -> Connection? {
        let ends = Ends(header)
        return connections[node]?.first { $0.before == ends || $0.after == ends }
    }

    mutating func note(_ before: ModelPacket.Header, _ after: ModelPacket.Header, at node: Int) {
        let (before, after) = (Ends(before), Ends(after))
        if let known = connections[node]?.firstIndex(where: { $0.after == before }) {
            connections[node]?[known].after = after
        } else {
            connections[node, default: []].append(Connection(before: before, after: after))
        }
    }
}
